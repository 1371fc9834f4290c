/** What models and states have in common: they are trees of records, lists and maps, with tensors as leaves. Not exported. */
@NullMarked
package dev.clew.nn.internal;

import org.jspecify.annotations.NullMarked;
