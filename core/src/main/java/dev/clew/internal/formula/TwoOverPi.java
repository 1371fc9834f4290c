package dev.clew.internal.formula;

/** 2/π to 1175 bits: as many as reduce the largest f64 to its place between two multiples of π/2. */
final class TwoOverPi {
    private static final long[] BITS = {
        0x517cc1b72722L, 0x54a7f09d5f4L, 0x3ea69bb81b6cL, 0x295993c43904L, 0xff28b1d5ef5L,
        0x6f1586dc91b8L, 0x74849ba5c00cL, 0x492eea09d192L, 0xe7f0ef58e58L, 0x4a69cfba208dL,
        0x3ea5d768909dL, 0x19c7026b45f7L, 0x7209cc8eb1ccL, 0xd4ce7d27211L, 0x3f177bf25076L,
        0x1ff897ffde05L, 0x4c07f79788c5L, 0x56829b47db4dL, 0x4fd9e4f96136L, 0x74f463f669e5L,
        0x7f516ba93dd6L, 0x1faf97c5ecf4L, 0xe73ef14a525L, 0x6a6bfb5fb11fL, 0x46ae842b0198L
    };

    private TwoOverPi() {}

    /** Bits 47n + 1 to 47n + 47 after the binary point; the number may be anything, as in places that no result comes from. */
    static double piece(int n) {
        return BITS[Math.clamp(n, 0, BITS.length - 1)] * 0x1p-47;
    }
}
