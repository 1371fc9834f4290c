package dev.clew.tensor;

import dev.clew.array.NDArray;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** A graph as a formula on one line, with names for some of its nodes. */
final class FormulaText {
    private final IdentityHashMap<Tensor, String> names = new IdentityHashMap<>();

    FormulaText name(Tensor tensor, String name) {
        names.put(tensor, name);
        return this;
    }

    String of(Tensor tensor) {
        String name = names.get(tensor);
        if (name != null) {
            return name;
        }
        List<String> in = tensor.inputs().stream().map(this::of).toList();
        return switch (tensor.op()) {
            case Source.Constant constant -> constant(constant.array());
            case Movement.Broadcast ignored when tensor.input(0).op() instanceof Source.Constant -> in.getFirst();
            case Unary unary
            when unary == Unary.TANH_SLOPE -> "1 − " + factor(valueOf(Unary.TANH, tensor.input(0))) + "²";
            case Unary unary
            when unary == Unary.SIGMOID_SLOPE -> {
                String y = factor(valueOf(Unary.SIGMOID, tensor.input(0)));
                yield y + "·(1 − " + y + ")";
            }
            case Unary unary -> unary(unary, in.getFirst());
            case Binary binary -> binary(binary, in.getFirst(), in.getLast());
            case Contraction.MatMul product ->
                factor(in.getFirst()) + (product.transposeA() ? "ᵀ" : "") + " @ " + factor(in.getLast())
                        + (product.transposeB() ? "ᵀ" : "");
            case Elementwise.Cast cast -> cast.to() + call(in);
            case Elementwise.AddN ignored -> String.join(" + ", in);
            default -> tensor.op().label() + call(in);
        };
    }

    /** A function of x by its name, if it has one. */
    private String valueOf(Unary op, Tensor x) {
        return names.keySet().stream()
                .filter(named -> named.op() == op && named.input(0) == x)
                .findFirst()
                .map(this::of)
                .orElseGet(() -> unary(op, of(x)));
    }

    private static String unary(Unary op, String x) {
        return switch (op) {
            case ONE_MINUS_SQUARE -> "1 − " + factor(x) + "²";
            case ATAN_SLOPE -> "1/(1 + " + factor(x) + "²)";
            case GAUSSIAN -> "exp(−" + factor(x) + "²)";
            case NEGATE -> "−" + factor(x);
            case SQUARE -> factor(x) + "²";
            case RECIPROCAL -> "1/" + factor(x);
            case SQRT -> "√" + factor(x);
            default -> op.label() + "(" + x + ")";
        };
    }

    private static String binary(Binary op, String a, String b) {
        return switch (op) {
            case PLUS -> a + " + " + b;
            case MINUS -> a + " − " + factor(b);
            case TIMES -> factor(a) + "·" + factor(b);
            case DIV -> factor(a) + "/" + factor(b);
            case EQUAL -> "[" + a + " = " + b + "]";
            case LESS -> "[" + a + " < " + b + "]";
            case LESS_OR_EQUAL -> "[" + a + " ≤ " + b + "]";
            case GREATER -> "[" + a + " > " + b + "]";
            case GREATER_OR_EQUAL -> "[" + a + " ≥ " + b + "]";
            default -> op.label() + "(" + a + ", " + b + ")";
        };
    }

    private static String constant(NDArray array) {
        double[] numbers = array.toDoubles();
        boolean one = numbers.length > 0;
        for (double number : numbers) {
            one &= number == numbers[0];
        }
        return one ? Double.toString(numbers[0]).replaceFirst("\\.0$", "").replace('-', '−') : "constant";
    }

    private static String call(List<String> in) {
        return in.stream().collect(Collectors.joining(", ", "(", ")"));
    }

    /** In parentheses if an operator stands outside of any. */
    private static String factor(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (depth == 0 && (c == ' ' || c == '·' || c == '/' || c == '−')) {
                return "(" + text + ")";
            }
        }
        return text;
    }
}
