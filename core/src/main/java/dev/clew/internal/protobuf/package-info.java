/**
 * Messages of protocol buffers, as files of others have them: {@code MessageWriter} and {@code MessageReader}, whose refusals are {@code
 * MalformedMessageException}; {@code WireType} is how a value lies among the bytes.
 */
@NullMarked
package dev.clew.internal.protobuf;

import org.jspecify.annotations.NullMarked;
