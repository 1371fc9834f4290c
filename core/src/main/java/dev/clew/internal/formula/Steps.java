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
        boolean isSingle = arithmetic == DType.F32;
        switch (step.primitive()) {
            case ADD -> add(isSingle, a, b, y, count);
            case SUBTRACT -> subtract(isSingle, a, b, y, count);
            case MULTIPLY -> multiply(arithmetic, a, b, y, count);
            case DIVIDE -> divide(isSingle, a, b, y, count);
            case SQRT -> sqrt(isSingle, a, y, count);
            case FMA -> fma(isSingle, a, b, c, y, count);
            default -> exact(step.primitive(), a, b, c, y, count);
        }
        if (arithmetic == DType.I32) {
            wrap(y, count);
        }
    }

    /** Those whose result is one of the type already, since what they are given is. */
    private static void exact(Primitive primitive, double[] a, double[] b, double[] c, double[] y, int count) {
        switch (primitive) {
            case INPUT, CONSTANT, ADD, SUBTRACT, MULTIPLY, DIVIDE, SQRT, FMA ->
                throw new IllegalArgumentException(primitive + " is not an exact step of its own");
            case ABS -> abs(a, y, count);
            case NEGATE -> negate(a, y, count);
            case MIN -> min(a, b, y, count);
            case MAX -> max(a, b, y, count);
            case LESS -> less(a, b, y, count);
            case LESS_OR_EQUAL -> lessOrEqual(a, b, y, count);
            case EQUAL -> equal(a, b, y, count);
            case SELECT -> select(a, b, c, y, count);
            case POWER_OF_TWO -> powerOfTwo(a, y, count);
            case EXPONENT -> exponent(a, y, count);
            case FRACTION -> fraction(a, y, count);
            case COPY_SIGN -> copySign(a, b, y, count);
            case REMAINDER -> remainder(a, b, y, count);
            case TWO_OVER_PI -> twoOverPi(a, y, count);
        }
    }

    private static void add(boolean isSingle, double[] a, double[] b, double[] y, int count) {
        if (isSingle) {
            for (int i = 0; i < count; i++) {
                y[i] = (float) (a[i] + b[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                y[i] = a[i] + b[i];
            }
        }
    }

    private static void subtract(boolean isSingle, double[] a, double[] b, double[] y, int count) {
        if (isSingle) {
            for (int i = 0; i < count; i++) {
                y[i] = (float) (a[i] - b[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                y[i] = a[i] - b[i];
            }
        }
    }

    /** Of integers the lowest 32 bits, which a {@code double} would lose first. */
    private static void multiply(DType arithmetic, double[] a, double[] b, double[] y, int count) {
        switch (arithmetic) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    y[i] = (float) (a[i] * b[i]);
                }
            }
            case I32 -> {
                for (int i = 0; i < count; i++) {
                    y[i] = ((int) a[i]) * ((int) b[i]);
                }
            }
            case F64, BOOL -> {
                for (int i = 0; i < count; i++) {
                    y[i] = a[i] * b[i];
                }
            }
        }
    }

    private static void divide(boolean isSingle, double[] a, double[] b, double[] y, int count) {
        if (isSingle) {
            for (int i = 0; i < count; i++) {
                y[i] = (float) (a[i] / b[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                y[i] = a[i] / b[i];
            }
        }
    }

    private static void sqrt(boolean isSingle, double[] a, double[] y, int count) {
        if (isSingle) {
            for (int i = 0; i < count; i++) {
                y[i] = (float) Math.sqrt(a[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                y[i] = Math.sqrt(a[i]);
            }
        }
    }

    private static void fma(boolean isSingle, double[] a, double[] b, double[] c, double[] y, int count) {
        if (isSingle) {
            for (int i = 0; i < count; i++) {
                y[i] = Math.fma((float) a[i], (float) b[i], (float) c[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                y[i] = Math.fma(a[i], b[i], c[i]);
            }
        }
    }

    private static void abs(double[] a, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = Math.abs(a[i]);
        }
    }

    private static void negate(double[] a, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = -a[i];
        }
    }

    private static void min(double[] a, double[] b, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = Math.min(a[i], b[i]);
        }
    }

    private static void max(double[] a, double[] b, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = Math.max(a[i], b[i]);
        }
    }

    private static void less(double[] a, double[] b, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = a[i] < b[i] ? 1 : 0;
        }
    }

    private static void lessOrEqual(double[] a, double[] b, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = a[i] <= b[i] ? 1 : 0;
        }
    }

    private static void equal(double[] a, double[] b, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = a[i] == b[i] ? 1 : 0;
        }
    }

    private static void select(double[] a, double[] b, double[] c, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = a[i] != 0 ? b[i] : c[i];
        }
    }

    private static void powerOfTwo(double[] a, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = Double.longBitsToDouble(((long) a[i] + 1023) << 52);
        }
    }

    private static void exponent(double[] a, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = (Double.doubleToRawLongBits(a[i]) >>> 52) - 1023;
        }
    }

    private static void fraction(double[] a, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = Double.longBitsToDouble((Double.doubleToRawLongBits(a[i]) & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        }
    }

    private static void copySign(double[] a, double[] b, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = Math.copySign(a[i], b[i]);
        }
    }

    private static void remainder(double[] a, double[] b, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = a[i] % b[i];
        }
    }

    private static void twoOverPi(double[] a, double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = TwoOverPi.piece((int) a[i]);
        }
    }

    /** Modulo 2³², between −2³¹ and 2³¹ − 1; NaN is 0. */
    private static void wrap(double[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = (int) (long) y[i];
        }
    }
}
