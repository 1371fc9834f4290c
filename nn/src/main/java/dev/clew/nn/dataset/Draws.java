package dev.clew.nn.dataset;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.Arrays;

/** What several tasks draw. */
final class Draws {
    private Draws() {}

    /** Whole numbers from 0 to before the end, each as likely. */
    static int[] integers(RandomKey key, int end, int count) {
        return key.uniform(0, end, DType.F64, Shape.of(count)).cast(DType.I32).toInts();
    }

    /** Numbers uniform on [0, 1). */
    static double[] units(RandomKey key, int count) {
        return key.uniform(0, 1, DType.F64, Shape.of(count)).toDoubles();
    }

    static boolean[] everywhere(int length) {
        boolean[] mask = new boolean[length];
        Arrays.fill(mask, true);
        return mask;
    }

    static void require(boolean isRight, String asked, String rule) {
        if (!isRight) {
            throw new IllegalArgumentException(asked + ": " + rule);
        }
    }
}
