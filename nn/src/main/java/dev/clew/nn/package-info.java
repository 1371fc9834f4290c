/** What layers, losses and optimizers share: the parameters of a model by name, and how they begin. */
@NullMarked
package dev.clew.nn;

import org.jspecify.annotations.NullMarked;
