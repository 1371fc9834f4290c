package dev.clew.exact;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** Numbers that functions are made of, with as many bits as are asked for. */
final class Constants {
    /** Bits beyond those that are asked for, so that the last one is right. */
    private static final int GUARD = 32;

    private static final Map<Integer, BigInteger> PI = new ConcurrentHashMap<>();
    private static final Map<Integer, BigInteger> LN_2 = new ConcurrentHashMap<>();

    private Constants() {}

    /** By Machin: π/4 = 4·arctan 1/5 − arctan 1/239. */
    static Real pi(int bits) {
        return constant(
                PI,
                bits,
                fraction -> arc(5, fraction, false)
                        .shiftLeft(4)
                        .subtract(arc(239, fraction, false).shiftLeft(2)));
    }

    /** 2·artanh 1/3. */
    static Real ln2(int bits) {
        return constant(LN_2, bits, fraction -> arc(3, fraction, true).shiftLeft(1));
    }

    private static Real constant(Map<Integer, BigInteger> known, int bits, IntFunction<BigInteger> maker) {
        int fraction = 2 * Integer.highestOneBit(bits);
        BigInteger number =
                known.computeIfAbsent(fraction, f -> maker.apply(f + GUARD).shiftRight(GUARD));
        return Real.of(number, -fraction, -fraction, bits);
    }

    /** artanh 1/n, else arctan 1/n, in units of 2⁻ᶠ. */
    private static BigInteger arc(int n, int fraction, boolean isHyperbolic) {
        BigInteger square = BigInteger.valueOf((long) n * n);
        BigInteger power = BigInteger.ONE.shiftLeft(fraction).divide(BigInteger.valueOf(n));
        BigInteger sum = power;
        for (int k = 3; power.signum() != 0; k += 2) {
            power = power.divide(square);
            BigInteger term = power.divide(BigInteger.valueOf(k));
            sum = isHyperbolic || k % 4 == 1 ? sum.add(term) : sum.subtract(term);
        }
        return sum;
    }
}
