/**
 * The compiler: from the graph that a plain loop makes to a plan that runs fast. Every pass is a function from programs to
 * programs and may be left out; what is computed stays the same. {@code -Dclew.verify=true} compares every plan with what its
 * formulas mean, see {@link dev.clew.compile.Plan}.
 */
@NullMarked
package dev.clew.compile;

import org.jspecify.annotations.NullMarked;
