package dev.clew.internal.compile.layout;

import com.google.common.collect.ImmutableListMultimap;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import org.jspecify.annotations.Nullable;

/**
 * Where values live.
 *
 * @param of the home of every node that is computed or given; views and literals have none
 * @param also for a node, where else whoever writes its home writes its elements
 */
@SuppressWarnings("ArrayRecordComponent")
public // Never compared.
record Placement(@Nullable MemoryView[] of, ImmutableListMultimap<Integer, MemoryView> also) {

    /** Every node in a home of its own. */
    public static Placement apart(Program program) {
        @Nullable MemoryView[] homes = new @Nullable MemoryView[program.size()];
        for (int i = 0; i < homes.length; i++) {
            Node node = program.node(i);
            homes[i] = node.isView() || node.isLiteral() ? null : MemoryView.contiguous(node.shape(), node.type());
        }
        return new Placement(homes, ImmutableListMultimap.of());
    }
}
