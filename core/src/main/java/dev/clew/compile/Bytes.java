package dev.clew.compile;

/** What nodes take of memory. */
final class Bytes {
    private Bytes() {}

    static long of(Node node) {
        return (long) node.shape().elements() * node.type().bytes();
    }
}
