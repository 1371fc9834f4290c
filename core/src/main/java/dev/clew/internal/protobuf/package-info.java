/**
 * Messages of protocol buffers, as files of others have them: {@link dev.clew.internal.protobuf.MessageWriter} and {@link
 * dev.clew.internal.protobuf.MessageReader}, whose refusals are {@link dev.clew.internal.protobuf.MalformedMessageException}; {@link
 * dev.clew.internal.protobuf.WireType} is how a value lies among the bytes.
 */
@NullMarked
package dev.clew.internal.protobuf;

import org.jspecify.annotations.NullMarked;
