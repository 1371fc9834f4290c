package dev.clew.nn.onnx;

import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Operations that move elements as operators of ONNX. */
record MovementExport(Emission to, Tensor node, List<String> x) {
    String of(Movement operation) {
        return switch (operation) {
            case Movement.Broadcast broadcast -> to.apply("Expand", x.getFirst(), to.shape(broadcast.to()));
            case Movement.Reshape reshape -> reshaped(x.getFirst(), reshape.to());
            case Movement.Transpose transpose ->
                to.apply(
                        "Transpose",
                        Map.of("perm", Emission.axes(transpose.order().toArray())),
                        x.getFirst());
            case Movement.Slice slice -> sliced(x.getFirst(), node.input(0).shape(), Window.of(slice));
            case Movement.Concat concat ->
                to.apply("Concat", Map.of("axis", new Literal.Whole(concat.axis())), x, 1)
                        .getFirst();
            case Place place -> placed(place);
        };
    }

    private String reshaped(String from, Shape shape) {
        return reshaped(to, from, shape);
    }

    static String reshaped(Emission to, String from, Shape shape) {
        Map<String, Literal> zeros = shape.elements() == 0 ? Map.of("allowzero", new Literal.Whole(1)) : Map.of();
        return to.apply("Reshape", zeros, from, to.shape(shape));
    }

    /** A window along one axis. */
    static String sliced(Emission to, String from, Shape shape, int axis, int begin, int end) {
        int[] start = new int[shape.rank()];
        start[axis] = begin;
        int[] steps = new int[shape.rank()];
        Arrays.fill(steps, 1);
        Window window = new Window(IntTuple.of(start), IntTuple.of(steps), shape.with(axis, end - begin));
        return new MovementExport(to, Tensor.of(0), List.of()).sliced(from, shape, window);
    }

    private String sliced(String from, Shape shape, Window window) {
        List<Long> starts = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        List<Long> axes = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            int start = window.start().get(axis);
            int step = window.step().get(axis);
            int size = window.size().length(axis);
            if (start != 0 || step != 1 || size != shape.length(axis)) {
                long end = start + (long) step * size;
                starts.add((long) (size == 0 ? 0 : start));
                ends.add(size == 0 ? 0 : end < 0 ? Integer.MIN_VALUE : end); // A negative one counts from the end.
                axes.add((long) axis);
                steps.add((long) (size == 0 ? 1 : step));
            }
        }
        if (axes.isEmpty()) {
            return to.apply("Identity", from);
        }
        return to.apply("Slice", from, wholes(starts), wholes(ends), wholes(axes), wholes(steps));
    }

    private String wholes(List<Long> numbers) {
        return to.wholes(numbers.stream().mapToLong(Long::longValue).toArray());
    }

    /** The sum of what was placed into zeros. */
    private String placed(Place place) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            Window window = place.windows().get(i);
            boolean isWhole = window.step().stream().allMatch(step -> step == 1);
            parts.add(isWhole ? padded(x.get(i), window, place.to()) : scattered(x.get(i), window, place.to()));
        }
        return parts.size() == 1
                ? parts.getFirst()
                : to.apply("Sum", Map.of(), parts, 1).getFirst();
    }

    private String padded(String part, Window window, Shape shape) {
        long[] pads = new long[2 * shape.rank()];
        for (int axis = 0; axis < shape.rank(); axis++) {
            pads[axis] = window.start().get(axis);
            pads[shape.rank() + axis] =
                    shape.length(axis) - pads[axis] - window.size().length(axis);
        }
        return to.apply("Pad", part, to.wholes(pads));
    }

    private String scattered(String part, Window window, Shape shape) {
        int[] all = IntStream.range(0, shape.elements()).toArray();
        int[] places = NDArray.of(shape, all)
                .slice(window.start().toArray(), window.step().toArray(), window.size())
                .toInts();
        String zeros = to.apply("Expand", to.number(node.dtype(), 0), to.wholes(shape.elements()));
        String sums = to.apply(
                "ScatterElements",
                Map.of("reduction", new Literal.Word("add")),
                zeros,
                to.wholes(IntStream.of(places).asLongStream().toArray()),
                reshaped(part, Shape.of(places.length)));
        return reshaped(sums, shape);
    }
}
