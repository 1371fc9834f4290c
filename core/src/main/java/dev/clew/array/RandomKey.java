package dev.clew.array;

/**
 * An explicit key for random numbers: the same key gives the same numbers on every machine.
 *
 * <p>There is no hidden state to advance. A key is spent by drawing one array from it; for another array, {@link #fold}
 * a number into it and draw from the new key.
 *
 * <p>The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011):
 * ten rounds that turn a 128-bit counter into 128 random bits under a 64-bit key.
 */
public record RandomKey(long bits) {
    private static final int DRAW = 0;
    private static final int FOLD = 1;

    /** The key of a seed. */
    public static RandomKey of(long seed) {
        return new RandomKey(seed);
    }

    /** A new key, unrelated to this one and to those of other numbers. */
    public RandomKey fold(long number) {
        int[] block = block((int) number, (int) (number >>> 32), 0, FOLD);
        return new RandomKey((block[0] & 0xFFFFFFFFL) | ((long) block[1] << 32));
    }

    /** Independent numbers, uniform on [low, high), computed as low + (high − low)·u with 53-bit u; rounding may reach high. */
    public NDArray uniform(double low, double high, DType dtype, Shape shape) {
        double[] numbers = new double[shape.elements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = low + (high - low) * unit(i);
        }
        return NDArray.of(shape, numbers).cast(dtype);
    }

    /** Independent numbers of the normal distribution (Box and Muller, 1958). */
    public NDArray normal(double mean, double standardDeviation, DType dtype, Shape shape) {
        double[] numbers = new double[shape.elements()];
        for (int i = 0; i < numbers.length; i++) {
            double radius = Math.sqrt(-2 * StrictMath.log(1 - unit(2L * i)));
            numbers[i] = mean + standardDeviation * (radius * StrictMath.cos(2 * Math.PI * unit(2L * i + 1)));
        }
        return NDArray.of(shape, numbers).cast(dtype);
    }

    /** The number at a position of this key's sequence, in [0, 1). */
    private double unit(long position) {
        long pair = position >>> 1;
        int[] block = block((int) pair, (int) (pair >>> 32), 0, DRAW);
        int half = (int) (position & 1) * 2;
        long random = ((long) block[half + 1] << 32) | (block[half] & 0xFFFFFFFFL);
        return (random >>> 11) * 0x1.0p-53;
    }

    /** Philox4x32-10 of a counter, least significant word first. */
    int[] block(int c0, int c1, int c2, int c3) {
        int k0 = (int) bits;
        int k1 = (int) (bits >>> 32);
        int[] c = {c0, c1, c2, c3};
        for (int round = 0; round < 10; round++) {
            long left = 0xD2511F53L * (c[0] & 0xFFFFFFFFL);
            long right = 0xCD9E8D57L * (c[2] & 0xFFFFFFFFL);
            c[0] = (int) (right >>> 32) ^ c[1] ^ k0;
            c[1] = (int) right;
            c[2] = (int) (left >>> 32) ^ c[3] ^ k1;
            c[3] = (int) left;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return c;
    }
}
