package dev.clew.nn.onnx;

import dev.clew.array.DType;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Elementwise operations as operators of ONNX. Where one of Clew's is several of ONNX's, they are chosen so that no digits are lost
 * that Clew keeps; where none are, there is no export.
 */
record ElementwiseExport(Emission to, Tensor node, List<String> x) {
    Optional<String> of(Elementwise operation) {
        return switch (operation) {
            case Unary unary -> unary(unary, x.getFirst());
            case Binary binary -> binary(binary, x.getFirst(), x.getLast()); // One has only the first.
            case Elementwise.Where _ -> Optional.of(where());
            case Elementwise.AddN _ ->
                Optional.of(to.apply("Sum", Map.of(), x, 1).getFirst());
            case Elementwise.Cast cast -> Optional.of(cast(x.getFirst(), cast.to()));
        };
    }

    private String cast(String from, DType dtype) {
        return to.apply(
                "Cast", Map.of("to", new Literal.Whole(ElementKind.of(dtype).number())), from);
    }

    /** onnxruntime (1.28) chooses between numbers, but not between truth values. */
    private String where() {
        return node.dtype() == DType.BOOL
                ? to.apply(
                        "Or", to.apply("And", x.get(0), x.get(1)), to.apply("And", to.apply("Not", x.get(0)), x.get(2)))
                : where(x.get(0), x.get(1), x.get(2));
    }

    private Optional<String> unary(Unary unary, String a) {
        Optional<String> wide = node.input(0).dtype() == DType.F64 ? wide(unary, a) : Optional.empty();
        return wide.or(() -> single(unary)).or(() -> composed(unary, a));
    }

    /** Of operators that onnxruntime (1.28) has in f64, where it has the operator of the name in f32 alone. */
    private Optional<String> wide(Unary unary, String a) {
        return Optional.ofNullable(
                switch (unary) {
                    case SOFTPLUS -> softplus(a);
                    case SOFTSIGN -> to.apply("Div", a, plus(to.apply("Abs", a), number(1)));
                    case COSH -> cosh(a);
                    case SINH -> times(to.apply("Tanh", a), cosh(a));
                    case SILU -> // It makes one operator of x·σ(x), which it has not.
                        to.apply("Div", a, plus(to.apply("Exp", to.apply("Neg", a)), number(1)));
                    case TANH_SLOPE -> times(sigmoidSlope(times(a, number(2))), number(4));
                    case GELU_TANH -> times(a, geluTanhGate(a)); // Its own is of f32's precision.
                    default -> null;
                });
    }

    /** What ONNX has under one name. */
    static final Map<Elementwise, String> SINGLE = Map.ofEntries(
            Map.entry(Unary.NEGATE, "Neg"),
            Map.entry(Unary.ABS, "Abs"),
            Map.entry(Unary.SIGN, "Sign"),
            Map.entry(Unary.SQRT, "Sqrt"),
            Map.entry(Unary.RECIPROCAL, "Reciprocal"),
            Map.entry(Unary.FLOOR, "Floor"),
            Map.entry(Unary.CEIL, "Ceil"),
            Map.entry(Unary.ROUND, "Round"),
            Map.entry(Unary.EXP, "Exp"),
            Map.entry(Unary.LOG, "Log"),
            Map.entry(Unary.SIN, "Sin"),
            Map.entry(Unary.COS, "Cos"),
            Map.entry(Unary.TAN, "Tan"),
            Map.entry(Unary.ASIN, "Asin"),
            Map.entry(Unary.ACOS, "Acos"),
            Map.entry(Unary.ATAN, "Atan"),
            Map.entry(Unary.SINH, "Sinh"),
            Map.entry(Unary.COSH, "Cosh"),
            Map.entry(Unary.TANH, "Tanh"),
            Map.entry(Unary.ERF, "Erf"),
            Map.entry(Unary.SIGMOID, "Sigmoid"),
            Map.entry(Unary.SOFTPLUS, "Softplus"),
            Map.entry(Unary.GELU, "Gelu"),
            Map.entry(Unary.SOFTSIGN, "Softsign"),
            Map.entry(Unary.RELU, "Relu"),
            Map.entry(Unary.NOT, "Not"),
            Map.entry(Unary.STOP_GRADIENT, "Identity"),
            Map.entry(Binary.PLUS, "Add"),
            Map.entry(Binary.MINUS, "Sub"),
            Map.entry(Binary.TIMES, "Mul"),
            Map.entry(Binary.DIV, "Div"),
            Map.entry(Binary.POW, "Pow"),
            Map.entry(Binary.MAXIMUM, "Max"),
            Map.entry(Binary.MINIMUM, "Min"),
            Map.entry(Binary.EQUAL, "Equal"),
            Map.entry(Binary.LESS, "Less"),
            Map.entry(Binary.LESS_OR_EQUAL, "LessOrEqual"),
            Map.entry(Binary.GREATER, "Greater"),
            Map.entry(Binary.GREATER_OR_EQUAL, "GreaterOrEqual"),
            Map.entry(Binary.AND, "And"),
            Map.entry(Binary.OR, "Or"),
            Map.entry(Binary.XOR, "Xor"));

    private Optional<String> single(Elementwise operation) {
        return Optional.ofNullable(SINGLE.get(operation))
                .map(operator -> to.apply(operator, Map.of(), x, 1).getFirst());
    }

    private Optional<String> composed(Unary unary, String a) {
        return Optional.ofNullable(
                switch (unary) {
                    case SQUARE -> times(a, a);
                    case RSQRT -> to.apply("Reciprocal", to.apply("Sqrt", a));
                    case EXPM1 -> // Without cancelling: eˣ − 1 = tanh(x/2)·(eˣ + 1).
                        times(to.apply("Tanh", times(a, number(0.5))), plus(to.apply("Exp", a), number(1)));
                    case LOG1P -> log1p(a);
                    case LOG2 -> times(to.apply("Log", a), number(1 / Math.log(2)));
                    case SILU -> times(a, to.apply("Sigmoid", a));
                    case GELU_TANH -> to.apply("Gelu", Map.of("approximate", new Literal.Word("tanh")), a);
                    case ONE_MINUS_SQUARE -> times(minus(number(1), a), plus(a, number(1)));
                    case ATAN_SLOPE -> to.apply("Reciprocal", plus(times(a, a), number(1)));
                    case TANH_SLOPE -> // 1/cosh², which keeps its digits where tanh is nearly 1.
                        to.apply("Reciprocal", times(to.apply("Cosh", a), to.apply("Cosh", a)));
                    case SIGMOID_SLOPE -> sigmoidSlope(a);
                    case GELU_TANH_GATE -> geluTanhGate(a);
                    case POWER_OF_TWO -> powerOfTwo(a);
                    case GAUSSIAN -> to.apply("Exp", to.apply("Neg", times(a, a)));
                    case NORMAL_DENSITY ->
                        times(to.apply("Exp", times(times(a, a), number(-0.5))), number(1 / Math.sqrt(2 * Math.PI)));
                    case IS_NAN ->
                        node.input(0).dtype().isFloating() ? to.apply("IsNaN", a) : to.apply("Not", isItself(a));
                    case IS_FINITE ->
                        node.input(0).dtype().isFloating()
                                ? to.apply("Not", to.apply("Or", to.apply("IsNaN", a), to.apply("IsInf", a)))
                                : isItself(a);
                    default -> null; // No formula of ONNX's operators keeps the digits that Clew's has.
                });
    }

    /** Truth values have no order in ONNX; as numbers they have Clew's. */
    private Optional<String> binary(Binary binary, String a, String b) {
        boolean isOrder = Set.of(Binary.LESS, Binary.LESS_OR_EQUAL, Binary.GREATER, Binary.GREATER_OR_EQUAL)
                .contains(binary);
        if (isOrder && node.input(0).dtype() == DType.BOOL) {
            return Optional.ofNullable(SINGLE.get(binary))
                    .map(operator -> to.apply(operator, cast(a, DType.I32), cast(b, DType.I32)));
        }
        return single(binary).or(() -> composed(binary, a, b));
    }

    private Optional<String> composed(Binary binary, String a, String b) {
        return Optional.ofNullable(
                switch (binary) {
                    case NOT_EQUAL -> to.apply("Not", to.apply("Equal", a, b));
                    case REMAINDER -> remainder(a, b);
                    case WITH_DERIVATIVE_OF -> to.apply("Identity", a);
                    case LOG_ADD_EXP -> // Of one infinity twice, it is that.
                        where(
                                to.apply("Equal", a, b),
                                plus(a, number(Math.log(2))),
                                plus(to.apply("Max", a, b), softplus(to.apply("Neg", to.apply("Abs", minus(a, b))))));
                    case EXP_SHARE -> where(to.apply("Equal", a, b), number(0.5), to.apply("Sigmoid", minus(a, b)));
                    case NATS -> softplus(minus(to.apply("Log", b), a));
                    case NATS_SLOPE -> to.apply("Sigmoid", minus(to.apply("Log", b), a));
                    case XLOGY -> xlogy(a, b);
                    default -> null;
                });
    }

    /** By 0 it is NaN, and of whole numbers 0, by which the operator may not divide. */
    private String remainder(String a, String b) {
        if (node.dtype().isFloating()) {
            String left = to.apply("Mod", Map.of("fmod", new Literal.Whole(1)), a, b);
            String isOther = to.apply("Less", times(to.apply("Sign", left), to.apply("Sign", b)), number(0));
            return where(isOther, plus(left, b), left);
        }
        String isZero = to.apply("Equal", b, number(0));
        return where(isZero, number(0), to.apply("Mod", a, where(isZero, number(1), b)));
    }

    private String xlogy(String a, String b) {
        String isNone = to.apply("And", to.apply("Equal", a, number(0)), to.apply("Not", to.apply("IsNaN", b)));
        return where(isNone, number(0), times(a, to.apply("Log", where(isNone, number(1), b))));
    }

    private String isItself(String a) {
        return to.apply("Equal", a, a);
    }

    /** Kahan's: the error of w = 1 + x cancels in x·ln w/(w − 1). */
    private String log1p(String a) {
        String w = plus(a, number(1));
        String quotient = to.apply("Div", times(a, to.apply("Log", w)), minus(w, number(1)));
        String isAlone = to.apply(
                "Or",
                to.apply("Equal", w, number(1)),
                to.apply("IsInf", Map.of("detect_negative", new Literal.Whole(0)), a));
        return where(isAlone, a, quotient);
    }

    private String softplus(String a) {
        if (node.dtype() == DType.F32) {
            return to.apply("Softplus", a);
        }
        String tail = to.apply("Exp", to.apply("Neg", to.apply("Abs", a)));
        return plus(to.apply("Max", a, number(0)), log1p(tail));
    }

    /** (r² + 1/r²)/2 with r = exp(|x|/2), which no earlier overflows than it must. */
    private String cosh(String a) {
        String root = to.apply("Exp", times(to.apply("Abs", a), number(0.5)));
        String half = times(root, number(0.5));
        return plus(times(half, root), to.apply("Div", to.apply("Div", number(0.5), root), root));
    }

    private String sigmoidSlope(String a) {
        return times(to.apply("Sigmoid", a), to.apply("Sigmoid", to.apply("Neg", a)));
    }

    /** (1 + tanh u)/2 = σ(2u). */
    private String geluTanhGate(String a) {
        double factor = 2 * Math.sqrt(2 / Math.PI);
        String cubic = times(times(a, a), number(factor * 0.044715));
        return to.apply("Sigmoid", times(a, plus(cubic, number(factor))));
    }

    /** The logarithm is off by its rounding; one comparison on either side makes it exact. */
    private String powerOfTwo(String a) {
        double most = Math.scalb(1.0, node.dtype() == DType.F32 ? 126 : 1022);
        String within = to.apply("Min", to.apply("Max", to.apply("Abs", a), number(1 / most)), number(most));
        String size = where(to.apply("IsNaN", a), number(1), within);
        String exponent = to.apply("Floor", times(to.apply("Log", size), number(1 / Math.log(2))));
        String power = to.apply("Pow", number(2), exponent);
        String notAbove = where(to.apply("Less", size, power), times(power, number(0.5)), power);
        String twice = times(notAbove, number(2));
        return where(to.apply("GreaterOrEqual", size, twice), twice, notAbove);
    }

    private String where(String condition, String a, String b) {
        return to.apply("Where", condition, a, b);
    }

    private String plus(String a, String b) {
        return to.apply("Add", a, b);
    }

    private String minus(String a, String b) {
        return to.apply("Sub", a, b);
    }

    private String times(String a, String b) {
        return to.apply("Mul", a, b);
    }

    /** One number of the type of the operands. */
    private String number(double number) {
        return to.number(node.input(0).dtype(), number);
    }
}
