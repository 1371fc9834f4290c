package dev.clew.compile;

import com.google.common.collect.ImmutableListMultimap;
import org.jspecify.annotations.Nullable;

/**
 * Where values live.
 *
 * @param of the home of every node that is computed or given; views and literals have none
 * @param also for a node, where else whoever writes its home writes its elements
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Homes(@Nullable View[] of, ImmutableListMultimap<Integer, View> also) {

    /** Every node in a home of its own. */
    static Homes apart(Program program) {
        @Nullable View[] homes = new @Nullable View[program.size()];
        for (int i = 0; i < homes.length; i++) {
            Node node = program.node(i);
            homes[i] = node.isView() || node.isLiteral() ? null : View.contiguous(node.shape(), node.type());
        }
        return new Homes(homes, ImmutableListMultimap.of());
    }
}
