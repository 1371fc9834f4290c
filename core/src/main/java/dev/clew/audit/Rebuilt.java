package dev.clew.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Site;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Whether a formula that was built at a point is that of the points beside it. Built anew there, it must compute the same; if it
 * does not, a number of the first point was baked into the function, or into the vjp of an operation.
 */
final class Rebuilt {
    private static final double STEP_F64 = 0x1p-20;
    private static final double STEP_F32 = 0x1p-9;
    /** How much of a change may be missing: rounding, or a number that only keeps others in range. */
    private static final double LITTLE = 1e-3;

    private final Tensor y;
    private final Map<Tensor, Line> lines = new LinkedHashMap<>();
    private final double step;

    /** A formula, of which the inputs that depend on nothing move, and all parameters. */
    Rebuilt(Tensor y, Iterable<? extends Tensor> inputs, RandomKey key) {
        this.y = y;
        Graph graph = Graph.of(List.of(y));
        List<Tensor> moving = new ArrayList<>();
        graph.nodes().stream().filter(node -> node instanceof Parameter).forEach(moving::add);
        inputs.forEach(input -> {
            if (input.op() instanceof Source && !moving.contains(input)) {
                moving.add(input);
            }
        });
        for (Tensor node : moving) {
            double[] signs = key.fold(lines.size())
                    .uniform(-1, 1, DType.F64, node.shape())
                    .toDoubles();
            // From ½ to 1½ either way: of sums, means and products nothing stays because moves cancel.
            Arrays.setAll(signs, i -> signs[i] + Math.copySign(0.5, signs[i]));
            lines.put(node, Line.along(node.value(), signs));
        }
        this.step = graph.nodes().stream().anyMatch(node -> node.dtype() == DType.F32) ? STEP_F32 : STEP_F64;
    }

    /** What is baked into the function; empty if nothing is. */
    String function(Function<Map<Tensor, NDArray>, Tensor> anew) {
        Probe here = new Probe(y, Set.of());
        String found = "";
        for (double way : new double[] {step, -step}) {
            Map<Tensor, NDArray> beside = beside(way);
            Tensor built = anew.apply(beside);
            NDArray other = evaluate(built);
            NDArray value = here.moved(beside);
            if (!differ(here.result(), value, other)) {
                return "";
            }
            found = "a number is baked into the function: beside the point it gives " + apart(other, value)
                    + " if it is called anew there, and " + apart(value, other) + " as it was built at the point"
                    + difference(Graph.of(List.of(y)), Graph.of(List.of(built)))
                    + "; use the tensor instead of its value(), or x.stopGradient() where it is meant to be constant";
        }
        return found;
    }

    /** What is baked into a derivative; empty if nothing is. */
    String gradient(Map<String, ? extends Tensor> inputs, Tensor yBar) {
        evaluate(y);
        Gradients gradients = Gradients.of(y, yBar);
        for (Map.Entry<String, ? extends Tensor> input : inputs.entrySet()) {
            if (gradients.reaches(input.getValue()) && !lines.isEmpty()) {
                String found = gradient(input.getKey(), input.getValue(), gradients.wrt(input.getValue()), yBar);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return "";
    }

    private String gradient(String name, Tensor x, Tensor xBar, Tensor yBar) {
        Probe here = new Probe(xBar, Set.of());
        String found = "";
        for (double way : new double[] {step, -step}) {
            Map<Tensor, NDArray> beside = beside(way);
            Map<Tensor, Tensor> copies = copies(beside);
            Tensor copy = copies.getOrDefault(y, y);
            evaluate(copy);
            NDArray other = evaluate(Gradients.of(copy, yBar).wrt(copies.getOrDefault(x, x)));
            NDArray value = here.moved(beside);
            if (!differ(here.result(), value, other)) {
                return "";
            }
            found = "a number is baked into the gradient of " + name + ": beside the point it is " + apart(other, value)
                    + " if it is built anew there, and " + apart(value, other)
                    + " as it was built at the point; a vjp computes"
                    + " with the tensors y, y.input(i) and yBar, and keeps no numbers of its own";
        }
        return found;
    }

    /** Before a gradient is built its result is evaluated there: an operation may keep numbers of its last evaluation. */
    @CanIgnoreReturnValue
    private static NDArray evaluate(Tensor result) {
        return new Probe(result, Set.of()).result();
    }

    private Map<Tensor, NDArray> beside(double way) {
        Map<Tensor, NDArray> beside = new LinkedHashMap<>();
        lines.forEach((node, line) -> beside.put(node, line.at(way).numbers()));
        return beside;
    }

    /** The same operations on other numbers. */
    private Map<Tensor, Tensor> copies(Map<Tensor, NDArray> beside) {
        Map<Tensor, Tensor> copies = new LinkedHashMap<>();
        for (Tensor node : Graph.of(List.of(y)).nodes()) {
            NDArray moved = beside.get(node);
            if (moved != null) {
                copies.put(node, Parameter.of(moved));
            } else if (node.op() instanceof Source) {
                copies.put(node, node);
            } else {
                Tensor[] inputs = node.inputs().stream()
                        .map(input -> copies.getOrDefault(input, input))
                        .toArray(Tensor[]::new);
                copies.put(node, node.op().on(inputs));
            }
        }
        return copies;
    }

    /** Whether two values beside a point differ by a good part of the change that led to them. */
    private static boolean differ(NDArray at, NDArray one, NDArray other) {
        if (one.equals(other)) {
            return false;
        }
        double[] here = at.toDoubles();
        double[] a = one.toDoubles();
        double[] b = other.toDoubles();
        double apart = 0;
        double change = 0;
        double size = 0;
        for (int i = 0; i < a.length && a.length == b.length; i++) {
            apart += Math.abs(a[i] - b[i]);
            change += Math.abs(a[i] - here[i]) + Math.abs(b[i] - here[i]);
            size += Math.abs(here[i]);
        }
        double unit = at.dtype() == DType.F32 ? 0x1p-23 : 0x1p-52;
        return a.length != b.length || apart > LITTLE * change + 64 * unit * size;
    }

    /** The number of the first of two arrays that is furthest from that of the other. */
    private static String apart(NDArray one, NDArray other) {
        double[] a = one.toDoubles();
        double[] b = other.toDoubles();
        int at = 0;
        for (int i = 1; i < a.length && a.length == b.length; i++) {
            at = Math.abs(a[i] - b[i]) > Math.abs(a[at] - b[at]) ? i : at;
        }
        return String.format(Locale.ROOT, "%.9g", a[at]);
    }

    /** The first constant, or operation with other components, of two graphs. */
    private static String difference(Graph one, Graph other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            Tensor node = one.node(i);
            if (!node.op().equals(other.node(i).op())) {
                return "; it is in " + node
                        + node.site().map(Site::line).map(line -> " at " + line).orElse("");
            }
        }
        return "";
    }
}
