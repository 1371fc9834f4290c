/**
 * The compiler: from the graph that a plain loop makes to a plan that runs fast. Every pass is a function from programs to
 * programs and may be left out; what is computed stays the same.
 */
@NullMarked
package dev.clew.compile;

import org.jspecify.annotations.NullMarked;
