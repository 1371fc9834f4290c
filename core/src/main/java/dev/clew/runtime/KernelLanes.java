package dev.clew.runtime;

import jdk.incubator.vector.VectorShape;

/** How wide the vectors of this machine are. */
final class KernelLanes {
    /** In bits; 0 without the Vector API, whose classes must not be touched then. */
    static final int BITS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? Preferred.bits() : 0;

    private KernelLanes() {}

    /** A class of its own, because it does not load without the Vector API. */
    private static final class Preferred {
        static int bits() {
            int bits = VectorShape.preferredShape().vectorBitSize();
            return bits < 128 ? 0 : Math.min(bits, 512);
        }
    }
}
