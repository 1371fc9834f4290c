package dev.clew.internal.formula;

import dev.clew.array.DType;
import dev.clew.internal.formula.Formula.Primitive;
import dev.clew.internal.formula.Formula.Step;

/** The primitives of a {@link Formula}, each over a block of elements. */
final class Steps {
    private Steps() {}

    /** One step, and what the type makes of its result: rounded to f32, wrapped around to i32. */
    static void run(DType arithmetic, Step step, double[][] registers, int count) {
        double[] y = registers[step.target()];
        double[] a = registers[step.a()];
        double[] b = registers[step.b()];
        double[] c = registers[step.c()];
        switch (step.primitive()) {
            case FMA -> fma(arithmetic == DType.F32, a, b, c, y, count);
            case MULTIPLY -> multiply(arithmetic == DType.I32, a, b, y, count);
            default -> run(step.primitive(), a, b, c, y, count);
        }
        switch (arithmetic) {
            case F32 -> round(y, count);
            case I32 -> wrap(y, count);
            case F64, BOOL -> {}
        }
    }

    private static void run(Primitive primitive, double[] a, double[] b, double[] c, double[] y, int count) {
        switch (primitive) {
            case INPUT, CONSTANT, FMA, MULTIPLY ->
                throw new IllegalArgumentException(primitive + " is not a step of its own");
            case ADD -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] + b[i];
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] - b[i];
                }
            }
            case DIVIDE -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] / b[i];
                }
            }
            case SQRT -> {
                for (int i = 0; i < count; i++) {
                    y[i] = Math.sqrt(a[i]);
                }
            }
            case ABS -> {
                for (int i = 0; i < count; i++) {
                    y[i] = Math.abs(a[i]);
                }
            }
            case NEGATE -> {
                for (int i = 0; i < count; i++) {
                    y[i] = -a[i];
                }
            }
            case MIN -> {
                for (int i = 0; i < count; i++) {
                    y[i] = Math.min(a[i], b[i]);
                }
            }
            case MAX -> {
                for (int i = 0; i < count; i++) {
                    y[i] = Math.max(a[i], b[i]);
                }
            }
            case LESS -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] < b[i] ? 1 : 0;
                }
            }
            case LESS_OR_EQUAL -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] <= b[i] ? 1 : 0;
                }
            }
            case EQUAL -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] == b[i] ? 1 : 0;
                }
            }
            case SELECT -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] != 0 ? b[i] : c[i];
                }
            }
            case POWER_OF_TWO -> {
                for (int i = 0; i < count; i++) {
                    y[i] = Double.longBitsToDouble(((long) a[i] + 1023) << 52);
                }
            }
            case EXPONENT -> {
                for (int i = 0; i < count; i++) {
                    y[i] = (Double.doubleToRawLongBits(a[i]) >>> 52) - 1023;
                }
            }
            case FRACTION -> {
                for (int i = 0; i < count; i++) {
                    y[i] = Double.longBitsToDouble(
                            (Double.doubleToRawLongBits(a[i]) & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
                }
            }
            case COPY_SIGN -> {
                for (int i = 0; i < count; i++) {
                    y[i] = Math.copySign(a[i], b[i]);
                }
            }
            case REMAINDER -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] % b[i];
                }
            }
            case TWO_OVER_PI -> {
                for (int i = 0; i < count; i++) {
                    y[i] = TwoOverPi.piece((int) a[i]);
                }
            }
        }
    }

    private static void fma(boolean single, double[] a, double[] b, double[] c, double[] y, int count) {
        if (single) {
            for (int i = 0; i < count; i++) {
                y[i] = Math.fma((float) a[i], (float) b[i], (float) c[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                y[i] = Math.fma(a[i], b[i], c[i]);
            }
        }
    }

    /** Of integers the lowest 32 bits, which a {@code double} would lose first. */
    private static void multiply(boolean whole, double[] a, double[] b, double[] y, int count) {
        if (whole) {
            for (int i = 0; i < count; i++) {
                y[i] = ((int) a[i]) * ((int) b[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                y[i] = a[i] * b[i];
            }
        }
    }

    /** Modulo 2³², between −2³¹ and 2³¹ − 1; NaN is 0. */
    private static void wrap(double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = (int) (long) y[i];
        }
    }

    private static void round(double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = (float) y[i];
        }
    }
}
