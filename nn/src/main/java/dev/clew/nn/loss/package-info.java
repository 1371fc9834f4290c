/** Losses: functions of tensors, not operations of their own. */
@NullMarked
package dev.clew.nn.loss;

import org.jspecify.annotations.NullMarked;
