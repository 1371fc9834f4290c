package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Operators of ONNX that compute every element from those at the same index, as operations. */
final class ElementwiseImport {
    private ElementwiseImport() {}

    private static final Map<String, UnaryOperator<Tensor>> ONE = one();

    private static Map<String, UnaryOperator<Tensor>> one() {
        ImmutableMap.Builder<String, UnaryOperator<Tensor>> all = ImmutableMap.builder();
        ElementwiseExport.SINGLE.forEach((operation, operator) -> {
            if (operation instanceof Unary unary && unary != Unary.STOP_GRADIENT) {
                all.put(operator, unary::on);
            }
        });
        return all.put("IsNaN", Tensor::isNaN).buildOrThrow();
    }

    private static final Map<String, BinaryOperator<Tensor>> TWO = Map.ofEntries(
            Map.entry("Add", Tensor::plus),
            Map.entry("Sub", Tensor::minus),
            Map.entry("Mul", Tensor::times),
            Map.entry("Div", Tensor::div),
            Map.entry("Pow", Tensor::pow),
            Map.entry("Max", Tensor::maximum),
            Map.entry("Min", Tensor::minimum),
            Map.entry("Equal", Tensor::equalTo),
            Map.entry("Less", Tensor::lessThan),
            Map.entry("LessOrEqual", Tensor::lessOrEqual),
            Map.entry("Greater", Tensor::greaterThan),
            Map.entry("GreaterOrEqual", Tensor::greaterOrEqual),
            Map.entry("And", Tensor::and),
            Map.entry("Or", Tensor::or),
            Map.entry("Xor", Tensor::xor));

    /** What the operator computes, or nothing if it is of another kind. */
    static List<Tensor> of(Call node, Values values) throws MalformedMessageException {
        List<Tensor> x = values.tensors(node);
        UnaryOperator<Tensor> one = ONE.get(node.operator());
        BinaryOperator<Tensor> two = TWO.get(node.operator());
        if (one != null && !node.operator().equals("Gelu")) {
            return List.of(one.apply(Importer.required(node, x, 1).getFirst()));
        }
        if (two != null) {
            Importer.required(node, x, 2);
            return List.of(two.apply(x.get(0), x.get(1)));
        }
        return other(node, x);
    }

    private static List<Tensor> other(Call node, List<Tensor> x) throws MalformedMessageException {
        return switch (node.operator()) {
            case "Identity" -> Importer.required(node, x, 1);
            case "Gelu" -> List.of(gelu(node, Importer.required(node, x, 1).getFirst()));
            case "IsInf" ->
                List.of(isInfinite(node, Importer.required(node, x, 1).getFirst()));
            case "Mod" -> List.of(mod(node, Importer.required(node, x, 2)));
            case "Cast" -> List.of(cast(node, Importer.required(node, x, 1).getFirst()));
            case "Where" -> List.of(where(Importer.required(node, x, 3)));
            case "Sum" -> List.of(sum(x));
            default -> List.of();
        };
    }

    private static Tensor gelu(Call node, Tensor x) throws MalformedMessageException {
        String approximate = node.word("approximate", "none");
        node.require(approximate.equals("none") || approximate.equals("tanh"), "approximate", "none or tanh");
        return approximate.equals("tanh") ? x.geluTanh() : x.gelu();
    }

    private static Tensor isInfinite(Call node, Tensor x) throws MalformedMessageException {
        Tensor sized = node.flag("detect_negative", true) ? x.abs() : x;
        return sized.equalTo(Double.POSITIVE_INFINITY);
    }

    /** With the sign of the first, if fmod asks for that. */
    private static Tensor mod(Call node, List<Tensor> x) throws MalformedMessageException {
        Tensor a = x.get(0);
        Tensor b = x.get(1);
        return node.flag("fmod", false) ? a.abs().remainder(b.abs()).times(a.sign()) : a.remainder(b);
    }

    private static Tensor cast(Call node, Tensor x) throws MalformedMessageException {
        boolean isToIndices = node.whole("to", 0) == ElementKind.INT64.number();
        node.require(!isToIndices || !x.dtype().isFloating(), "to", "INT64 only of whole numbers");
        return x.cast(castTo(node));
    }

    private static DType castTo(Call node) throws MalformedMessageException {
        long type = node.whole("to", 0);
        return ElementKind.numbered(type)
                .orElseThrow(() -> new MalformedMessageException("Cast to the element type " + type
                        + "; those of Clew are 1 (float), 6 and 7 (int32, int64), 9 (bool) and 11 (double)"))
                .dtype();
    }

    private static Tensor where(List<Tensor> x) {
        Shape shape = Shape.broadcast(
                x.get(0).shape(), Shape.broadcast(x.get(1).shape(), x.get(2).shape()));
        return Tensor.where(
                x.get(0).broadcastTo(shape),
                x.get(1).broadcastTo(shape),
                x.get(2).broadcastTo(shape));
    }

    private static Tensor sum(List<Tensor> x) {
        Shape shape = x.stream().map(Tensor::shape).reduce(Shape.SCALAR, Shape::broadcast);
        return new Elementwise.AddN()
                .on(x.stream().map(each -> each.broadcastTo(shape)).toArray(Tensor[]::new));
    }
}
