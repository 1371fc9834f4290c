package dev.clew.internal.compile.remat;

import dev.clew.internal.compile.program.Node;

/** What nodes take of memory. */
public final class NodeBytes {
    private NodeBytes() {}

    public static long of(Node node) {
        return (long) node.shape().elements() * node.type().bytes();
    }
}
