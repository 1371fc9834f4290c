package dev.clew.internal.runtime;

import jdk.incubator.vector.VectorShape;

/** What code depends on of this machine. Nobody else asks the machine, so tests on other machines only need another answer here. */
public final class Machine {
    /** A line of the cache, which is the widest vector there is too, in bytes. */
    public static final int LINE = 64;

    public static final int LEAST_BITS = 128;
    static final int MOST_BITS = 512;

    /** Not a native image, in which no class is defined any more. */
    public static final boolean IS_JVM = System.getProperty("org.graalvm.nativeimage.imagecode") == null;

    /**
     * How wide the vectors are that it is good at, in bits: 128, 256 or 512. 0 if it has none, or without the Vector API, whose classes
     * must not be touched then.
     */
    public static final int VECTOR_BITS = vectorBits();

    private Machine() {}

    private static int vectorBits() {
        try {
            return IS_JVM && hasVectorApi() ? Preferred.bits() : 0;
        } catch (LinkageError | RuntimeException other) {
            VectorForms.say(other.toString());
            return 0;
        }
    }

    /** Whether the JVM was started with the Vector API. */
    public static boolean hasVectorApi() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** A class of its own, because it does not load without the Vector API. */
    private static final class Preferred {
        static int bits() {
            int bits = VectorShape.preferredShape().vectorBitSize();
            return bits < LEAST_BITS ? 0 : Math.min(bits, MOST_BITS);
        }
    }
}
