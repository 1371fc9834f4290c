package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One mistake: what the uses of some roles bring is rewritten.
 *
 * @param family what kind it is
 * @param rank how far-fetched it is; of several that give the same gradient, the lowest gives the name
 * @param name what is wrong, in words
 * @param fix what to do
 * @param at which uses it touches
 * @param rewrite what they bring instead
 * @param replaced those uses of which what they brought is not asked for, since it would depend on what they bring instead
 */
record Mutation(
        Family family,
        int rank,
        Supplier<String> name,
        Supplier<String> fix,
        Set<UseRole> at,
        Rewrite rewrite,
        Set<UseRole> replaced) {
    Mutation(Family family, int rank, Supplier<String> name, Supplier<String> fix, Set<UseRole> at, Rewrite rewrite) {
        this(family, rank, name, fix, at, rewrite, Set.of());
    }

    /** What a use brings instead of what it brought; null is nothing. */
    @FunctionalInterface
    interface Rewrite {
        @Nullable
        Tensor of(Use use, @Nullable Tensor term, MutatedSweep sweep);
    }

    /** What kind of mistake it is, wherever it is made: several lines that are copies of each other have it together. */
    String kind() {
        String all = name.get();
        int place = Math.max(all.indexOf(" in d"), all.indexOf(" of d"));
        int array = all.startsWith("d") ? all.indexOf(' ') : 0;
        return family + " "
                + all.substring(array, place < 0 ? all.length() : place).replaceAll("(gradient|copy) of \\S+", "$1 of");
    }

    /** Whether it is that a gradient is not there at all. */
    boolean isDrop() {
        return family == Family.PLUMBING && rank <= 2;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    boolean touches(UseRole role) {
        return at.contains(role);
    }

    @Override
    public String toString() {
        return name.get();
    }
}
