package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Sample inputs for the elementwise operations, and for the functions that are formulas of them. */
final class ElementwiseCases {
    private final List<OperationCases.Case> cases = new ArrayList<>();

    static List<OperationCases.Case> all() {
        ElementwiseCases table = new ElementwiseCases();
        table.arithmetic();
        table.functions();
        table.slopes();
        table.activations();
        table.binary();
        table.truthValues();
        table.formulas();
        table.others();
        return List.copyOf(table.cases);
    }

    private void add(Object operation, OperationCases.Build build, NDArray... inputs) {
        cases.add(OperationCases.row(operation, build, inputs));
    }

    private void unary(Unary op, Samples samples) {
        for (int[] shape : OperationCases.SHAPES) {
            add(op, in -> op.on(in.getFirst()), samples.draw(shape.length, shape));
        }
    }

    private void arithmetic() {
        unary(Unary.NEGATE, Samples.ANYWHERE);
        unary(Unary.ABS, Samples.AWAY_FROM_ZERO);
        unary(Unary.SIGN, Samples.AWAY_FROM_ZERO);
        unary(Unary.SQUARE, Samples.ANYWHERE);
        unary(Unary.SQRT, Samples.POSITIVE);
        unary(Unary.RSQRT, Samples.POSITIVE);
        unary(Unary.RECIPROCAL, Samples.AWAY_FROM_ZERO);
        unary(Unary.POWER_OF_TWO, Samples.BETWEEN_INTEGERS);
        unary(Unary.FLOOR, Samples.BETWEEN_INTEGERS);
        unary(Unary.CEIL, Samples.BETWEEN_INTEGERS);
        unary(Unary.ROUND, Samples.WITHIN_HALVES);
    }

    private void functions() {
        unary(Unary.EXP, Samples.ANYWHERE);
        unary(Unary.EXPM1, Samples.ANYWHERE);
        unary(Unary.LOG, Samples.POSITIVE);
        unary(Unary.LOG1P, Samples.WITHIN_ONE);
        unary(Unary.LOG1P, Samples.POSITIVE);
        unary(Unary.LOG2, Samples.POSITIVE);
        unary(Unary.SIN, Samples.ANYWHERE);
        unary(Unary.COS, Samples.ANYWHERE);
        unary(Unary.TAN, Samples.WITHIN_ONE);
        unary(Unary.ASIN, Samples.WITHIN_ONE);
        unary(Unary.ACOS, Samples.WITHIN_ONE);
        unary(Unary.ATAN, Samples.ANYWHERE);
        unary(Unary.LOG_GAMMA, Samples.POSITIVE);
        unary(Unary.LOG_GAMMA, Samples.BETWEEN_INTEGERS);
        unary(Unary.DIGAMMA, Samples.POSITIVE);
        unary(Unary.DIGAMMA, Samples.BETWEEN_INTEGERS);
        unary(Unary.TRIGAMMA, Samples.POSITIVE);
        unary(Unary.SINH, Samples.ANYWHERE);
        unary(Unary.COSH, Samples.ANYWHERE);
        unary(Unary.TANH, Samples.ANYWHERE);
        unary(Unary.ERF, Samples.ANYWHERE);
        unary(Unary.ERFC, Samples.ANYWHERE);
        unary(Unary.NORMAL_CDF, Samples.ANYWHERE);
    }

    private void slopes() {
        unary(Unary.ONE_MINUS_SQUARE, Samples.ANYWHERE);
        unary(Unary.ATAN_SLOPE, Samples.ANYWHERE);
        unary(Unary.TANH_SLOPE, Samples.ANYWHERE);
        unary(Unary.SIGMOID_SLOPE, Samples.ANYWHERE);
        unary(Unary.GAUSSIAN, Samples.ANYWHERE);
        unary(Unary.NORMAL_DENSITY, Samples.ANYWHERE);
        unary(Unary.GELU_TANH_GATE, Samples.ANYWHERE);
        binary(Binary.EXP_SHARE, Samples.ANYWHERE, Samples.ANYWHERE);
        binary(Binary.NATS, Samples.ANYWHERE, Samples.POSITIVE);
        binary(Binary.NATS_SLOPE, Samples.ANYWHERE, Samples.POSITIVE);
        binary(Binary.HYPOT_SLOPE, Samples.AWAY_FROM_ZERO, Samples.AWAY_FROM_ZERO);
    }

    private void activations() {
        unary(Unary.SIGMOID, Samples.ANYWHERE);
        unary(Unary.SOFTPLUS, Samples.ANYWHERE);
        unary(Unary.SILU, Samples.ANYWHERE);
        unary(Unary.GELU, Samples.ANYWHERE);
        unary(Unary.GELU_TANH, Samples.ANYWHERE);
        unary(Unary.SOFTSIGN, Samples.AWAY_FROM_ZERO);
        unary(Unary.RELU, Samples.AWAY_FROM_ZERO);
        for (int[] shape : OperationCases.SHAPES) {
            cases.add(new OperationCases.Case(
                    Unary.STOP_GRADIENT,
                    List.of(Samples.ANYWHERE.draw(1, shape)),
                    in -> Unary.STOP_GRADIENT.on(in.getFirst()),
                    false));
        }
    }

    private void binary() {
        binary(Binary.PLUS, Samples.ANYWHERE, Samples.ANYWHERE);
        binary(Binary.MINUS, Samples.ANYWHERE, Samples.ANYWHERE);
        binary(Binary.TIMES, Samples.ANYWHERE, Samples.ANYWHERE);
        binary(Binary.DIV, Samples.AWAY_FROM_ZERO, Samples.AWAY_FROM_ZERO);
        binary(Binary.POW, Samples.POSITIVE, Samples.ANYWHERE);
        binary(Binary.ATAN2, Samples.AWAY_FROM_ZERO, Samples.AWAY_FROM_ZERO);
        binary(Binary.LOG_ADD_EXP, Samples.ANYWHERE, Samples.ANYWHERE);
        binary(Binary.HYPOT, Samples.AWAY_FROM_ZERO, Samples.AWAY_FROM_ZERO);
        binary(Binary.XLOGY, Samples.ANYWHERE, Samples.POSITIVE);
        for (int[] shape : OperationCases.SHAPES) {
            add(
                    Binary.WITH_DERIVATIVE_OF,
                    in -> in.getFirst().withDerivativeOf(in.getFirst()),
                    Samples.ANYWHERE.draw(1, shape));
        }
        apart(Binary.MAXIMUM);
        apart(Binary.MINIMUM);
        for (int[] shape : OperationCases.SHAPES) {
            // A quotient between integers: no jump is within reach of a difference quotient.
            NDArray b = Samples.POSITIVE.draw(3, shape);
            double[] a = Samples.BETWEEN_INTEGERS.draw(4, shape).toDoubles();
            for (int i = 0; i < a.length; i++) {
                a[i] *= b.toDoubles()[i];
            }
            add(Binary.REMAINDER, in -> in.get(0).remainder(in.get(1)), NDArray.of(Shape.of(shape), a), b);
            // A power with an integer exponent, also of negative numbers.
            add(Binary.POW, in -> in.getFirst().pow(3), Samples.ANYWHERE.draw(5, shape));
            add(Binary.POW, in -> in.getFirst().pow(-2), Samples.AWAY_FROM_ZERO.draw(6, shape));
        }
    }

    private void binary(Binary op, Samples left, Samples right) {
        for (int[] shape : OperationCases.SHAPES) {
            add(op, in -> op.on(in.get(0), in.get(1)), left.draw(1, shape), right.draw(2, shape));
        }
    }

    /** Two inputs that differ by at least 0.1 in every element. */
    private void apart(Binary op) {
        for (int[] shape : OperationCases.SHAPES) {
            int elements = Shape.of(shape).elements();
            double[] both = Samples.DISTINCT.draw(shape.length, 2 * elements).toDoubles();
            double[] a = new double[elements];
            double[] b = new double[elements];
            for (int i = 0; i < elements; i++) {
                a[i] = both[2 * i];
                b[i] = both[2 * i + 1];
            }
            add(op, in -> op.on(in.get(0), in.get(1)), NDArray.of(Shape.of(shape), a), NDArray.of(Shape.of(shape), b));
        }
    }

    private void truthValues() {
        apart(Binary.EQUAL);
        apart(Binary.NOT_EQUAL);
        apart(Binary.LESS);
        apart(Binary.LESS_OR_EQUAL);
        apart(Binary.GREATER);
        apart(Binary.GREATER_OR_EQUAL);
        unary(Unary.IS_NAN, Samples.ANYWHERE);
        unary(Unary.IS_FINITE, Samples.ANYWHERE);
        for (int[] shape : OperationCases.SHAPES) {
            add(Unary.NOT, in -> in.getFirst().not(), mask(2, shape));
            add(Binary.AND, in -> in.get(0).and(in.get(1)), mask(2, shape), mask(3, shape));
            add(Binary.OR, in -> in.get(0).or(in.get(1)), mask(2, shape), mask(3, shape));
            add(Binary.XOR, in -> in.get(0).xor(in.get(1)), mask(2, shape), mask(3, shape));
        }
    }

    /** True at every {@code period}-th element, but not at the first. */
    private static NDArray mask(int period, int... shape) {
        return NDArray.build(DType.BOOL, Shape.of(shape), (block, from, count) -> {
            for (int i = 0; i < count; i++) {
                block[i] = (from + i) % period;
            }
        });
    }

    /** Functions without a rule of their own; the samples keep away from their kinks. */
    private void formulas() {
        formula(Unary.SOFTPLUS, Tensor::logSigmoid, Samples.ANYWHERE);
        formula(Elementwise.Where.class, x -> x.leakyRelu(0.1), Samples.AWAY_FROM_ZERO);
        formula(Unary.EXPM1, x -> x.elu(1.5), Samples.AWAY_FROM_ZERO);
        formula(Unary.EXPM1, Tensor::selu, Samples.AWAY_FROM_ZERO);
        formula(Elementwise.Where.class, x -> x.times(0.9).hardTanh(), Samples.BETWEEN_INTEGERS);
        formula(Elementwise.Where.class, x -> x.times(2.9).hardSigmoid(), Samples.BETWEEN_INTEGERS);
        formula(Elementwise.Where.class, x -> x.clip(-1, 2), Samples.BETWEEN_INTEGERS);
        for (int[] shape : OperationCases.SHAPES) {
            NDArray a = Samples.ANYWHERE.draw(1, shape);
            NDArray b = Samples.ANYWHERE.draw(2, shape);
            NDArray weight = Samples.BETWEEN_INTEGERS.draw(3, shape);
            add(Binary.TIMES, in -> in.get(0).lerp(in.get(1), in.get(2)), a, b, weight);
            add(Binary.TIMES, in -> in.get(0).lerp(in.get(1), 0.7), a, b);
        }
    }

    private void formula(Object uses, UnaryOperator<Tensor> function, Samples samples) {
        for (int[] shape : OperationCases.SHAPES) {
            add(uses, in -> function.apply(in.getFirst()), samples.draw(shape.length + 7, shape));
        }
    }

    private void others() {
        for (int[] shape : OperationCases.SHAPES) {
            NDArray a = Samples.ANYWHERE.draw(1, shape);
            NDArray b = Samples.ANYWHERE.draw(2, shape);
            NDArray c = Samples.ANYWHERE.draw(3, shape);
            NDArray mask = mask(2, shape);
            add(Elementwise.Where.class, in -> Tensor.where(in.get(0), in.get(1), in.get(2)), mask, a, b);
            add(Elementwise.AddN.class, Tensor::sum, a, b, c);
            add(Elementwise.Cast.class, in -> in.getFirst().cast(other(in.getFirst())), a);
            add(Elementwise.Cast.class, in -> in.getFirst().cast(DType.I32), Samples.BETWEEN_INTEGERS.draw(4, shape));
            add(Elementwise.Cast.class, in -> in.getFirst().cast(DType.F64).times(in.get(1)), mask, a);
        }
    }

    /** The other of the two floating-point types. */
    private static DType other(Tensor x) {
        return x.dtype() == DType.F32 ? DType.F64 : DType.F32;
    }
}
