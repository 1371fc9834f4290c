package dev.clew.compile;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;

/**
 * Where values live.
 *
 * @param of the home of every node that is computed or given; views and literals have none
 * @param also for a node, where else whoever writes its home writes its elements
 * @param met the parts of concats that are written so
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Homes(@Nullable View[] of, ImmutableListMultimap<Integer, View> also, ImmutableSet<Part> met) {

    /** A part of a concat. Two concats may have a window in common, and one of them copies what the other finds there. */
    record Part(int concat, int part) {}

    /** Every node in a home of its own. */
    static Homes apart(Program program) {
        @Nullable View[] homes = new @Nullable View[program.size()];
        for (int i = 0; i < homes.length; i++) {
            Node node = program.node(i);
            homes[i] = node.isView() || node.isLiteral() ? null : View.contiguous(node.shape(), node.type());
        }
        return new Homes(homes, ImmutableListMultimap.of(), ImmutableSet.of());
    }
}
