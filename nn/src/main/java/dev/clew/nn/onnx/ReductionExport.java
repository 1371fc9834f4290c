package dev.clew.nn.onnx;

import dev.clew.array.Shape;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Reductions as operators of ONNX. */
record ReductionExport(Emission to, Tensor node, List<String> x) {
    String of(Reduction operation) {
        int[] axes = operation.axes().toArray();
        return switch (operation) {
            case Reduction.Sum _ -> reduced("ReduceSum", axes);
            case Reduction.Max _ -> reduced("ReduceMax", axes);
            case Reduction.ArgMax _ -> place(axes);
        };
    }

    private String reduced(String operator, int[] axes) {
        return axes.length == 0
                ? to.apply("Identity", x.getFirst())
                : to.apply(
                        operator,
                        x.getFirst(),
                        to.wholes(IntStream.of(axes).asLongStream().toArray()));
    }

    /** The axes that are reduced come last, as one. */
    private String place(int[] axes) {
        Shape from = node.input(0).shape();
        int[] kept = IntStream.range(0, from.rank())
                .filter(axis -> IntStream.of(axes).noneMatch(each -> each == axis))
                .toArray();
        int[] order = IntStream.concat(IntStream.of(kept), IntStream.of(axes)).toArray();
        int[] lengths = IntStream.concat(
                        IntStream.of(kept).map(from::length),
                        IntStream.of(IntStream.of(axes).map(from::length).reduce(1, (a, b) -> a * b)))
                .toArray();
        String moved = to.apply("Transpose", Map.of("perm", Emission.axes(order)), x.getFirst());
        String rows = MovementExport.reshaped(to, moved, Shape.of(lengths));
        String place =
                to.apply("ArgMax", Map.of("axis", new Literal.Whole(-1), "keepdims", new Literal.Whole(0)), rows);
        String narrow = to.apply("Cast", Map.of("to", new Literal.Whole(ElementKind.INT32.number())), place);
        return MovementExport.reshaped(to, narrow, node.shape());
    }
}
