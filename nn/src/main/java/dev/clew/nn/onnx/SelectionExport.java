package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Unpick;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Operations that choose elements by indices as operators of ONNX. */
record SelectionExport(Emission to, Tensor node, List<String> x) {
    String of(Selection operation) {
        return switch (operation) {
            case Selection.Gather _ -> to.apply("Gather", x.get(0), x.get(1));
            case Selection.ScatterAdd scatter ->
                to.apply("ScatterND", ADD, zeros(scatter.to()), oneByOne(wide(x.get(1)), node.input(1)), x.get(0));
            case Selection.Pick _ -> picked();
            case Unpick unpick ->
                to.apply("ScatterElements", onLast(ADD), zeros(unpick.to()), inRows(unpick.to()), updates(unpick.to()));
            case Selection.ArgSort sort -> sorted(sort.descending());
            case Selection.OneHot oneHot -> oneHot(oneHot);
        };
    }

    private static final Map<String, Literal> ADD = Map.of("reduction", new Literal.Word("add"));

    private static Map<String, Literal> onLast(Map<String, Literal> attributes) {
        return ImmutableMap.<String, Literal>builder()
                .putAll(attributes)
                .put("axis", new Literal.Whole(-1))
                .buildOrThrow();
    }

    private String zeros(Shape shape) {
        return to.apply("Expand", to.number(node.dtype(), 0), to.shape(shape));
    }

    private String wide(String indices) {
        return to.apply("Cast", Map.of("to", new Literal.Whole(ElementKind.INT64.number())), indices);
    }

    private String narrow(String indices) {
        return to.apply("Cast", Map.of("to", new Literal.Whole(ElementKind.INT32.number())), indices);
    }

    /** Indices with an axis more, as the operator has them. */
    private String oneByOne(String indices, Tensor of) {
        return MovementExport.reshaped(to, indices, of.shape().insert(of.shape().rank(), 1));
    }

    /** Indices with as many axes as what they choose from. */
    private String inRows(Shape from) {
        boolean isOnePerRow = node.input(1).shape().rank() != from.rank();
        return isOnePerRow ? oneByOne(x.get(1), node.input(1)) : x.get(1);
    }

    private String updates(Shape into) {
        boolean isOnePerRow = node.input(1).shape().rank() != into.rank();
        return isOnePerRow ? oneByOne(x.get(0), node.input(0)) : x.get(0);
    }

    private String picked() {
        Shape from = node.input(0).shape();
        String chosen = to.apply("GatherElements", onLast(Map.of()), x.get(0), inRows(from));
        boolean isOnePerRow = node.shape().rank() != from.rank();
        return isOnePerRow ? MovementExport.reshaped(to, chosen, node.shape()) : chosen;
    }

    private String sorted(boolean isDescending) {
        String count = to.wholes(node.shape().length(-1));
        List<String> both = to.apply(
                "TopK", Map.of("largest", new Literal.Whole(isDescending ? 1 : 0)), List.of(x.getFirst(), count), 2);
        return narrow(both.getLast());
    }

    private String oneHot(Selection.OneHot oneHot) {
        int[] classes = IntStream.range(0, oneHot.classes()).toArray();
        String isThere = to.apply(
                "Equal",
                oneByOne(x.getFirst(), node.input(0)),
                to.constant(NDArray.of(Shape.of(oneHot.classes()), classes)));
        return oneHot.type() == DType.BOOL
                ? isThere
                : to.apply(
                        "Cast",
                        Map.of(
                                "to",
                                new Literal.Whole(ElementKind.of(oneHot.type()).number())),
                        isThere);
    }
}
