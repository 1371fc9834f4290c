package dev.clew.internal.compile.program;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.ParameterLock;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph as a program. Numbers become leaves, to be handed over with every run, except 0, ±1, ½ and 2 in scalars or repeated
 * over an array: those are part of the program, so that it can be simplified.
 *
 * @param leaves the tensors that the leaves stand for, in the order of their slots
 * @param numbers what they hold
 */
public record Capture(Program program, List<Tensor> leaves, List<NDArray> numbers) {

    /** In the place of numbers that come with every run. */
    public static final NDArray NOT_YET = NDArray.of(0);

    /** Of one state of all parameters. What is kept and still valid need not be computed, and is a leaf. */
    public static Capture of(List<Tensor> outputs) {
        return ParameterLock.whileUnchanged(() -> captured(Graph.toCompute(outputs), outputs, true));
    }

    /** Of whole formulas, for whatever numbers; inputs are allowed, and nothing that is kept is looked at. */
    public static Capture withInputs(List<Tensor> outputs) {
        return captured(Graph.of(outputs), outputs, false);
    }

    private static Capture captured(Graph graph, List<Tensor> outputs, boolean now) {
        Program.Builder builder = new Program.Builder(graph.size());
        List<Tensor> leaves = new ArrayList<>();
        List<NDArray> numbers = new ArrayList<>();
        int[] made = new int[graph.size()];
        int[][] inputs = graph.inputPositions();
        for (int i = 0; i < made.length; i++) {
            Tensor tensor = graph.node(i);
            boolean isGiven = !now && (tensor.op() instanceof Source.Input || tensor instanceof Parameter);
            if (now && tensor.op() instanceof Source.Input input) {
                input.value(tensor, List.of()); // Throws: nobody hands its numbers over.
            }
            NDArray known = isGiven || !(now || tensor.op() instanceof Source)
                    ? null
                    : tensor.known().orElse(null);
            if (isGiven) {
                made[i] = leaf(builder, tensor, tensor.shape());
                leaves.add(tensor);
                numbers.add(NOT_YET);
            } else if (known != null && tensor.op() instanceof Source.Constant && Literals.isLiteral(known)) {
                made[i] = Literals.add(builder, known);
            } else if (known != null && isRepeated(known) && !(tensor instanceof Parameter)) {
                made[i] = repeated(builder, tensor);
                leaves.add(tensor);
                numbers.add(handed(known));
            } else if (known != null) {
                made[i] = leaf(builder, tensor, tensor.shape());
                leaves.add(tensor);
                numbers.add(known);
            } else {
                int[] moved = inputs[i];
                for (int j = 0; j < moved.length; j++) {
                    moved[j] = made[moved[j]];
                }
                made[i] = builder.add(tensor.op(), tensor.shape(), tensor.dtype(), moved);
            }
        }
        int[] positions = new int[outputs.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = made[graph.position(outputs.get(i))];
        }
        return new Capture(builder.build(positions), leaves, numbers);
    }

    /** Whether one number fills an array of some shape. */
    static boolean isRepeated(NDArray array) {
        return array.isRepeated() && array.shape().rank() > 0;
    }

    /** What is handed over for an array: of one that repeats one number, that number. */
    public static NDArray handed(NDArray array) {
        return isRepeated(array) ? Literals.one(array) : array;
    }

    private static int leaf(Program.Builder builder, Tensor tensor, Shape shape) {
        Source leaf = tensor instanceof Parameter
                ? new Source.Variable(shape, tensor.dtype())
                : new Source.Input("", shape, tensor.dtype());
        return builder.leaf(new Node(leaf, shape, tensor.dtype()));
    }

    /** One number that fills an array is handed over once, and takes no more room than that. */
    private static int repeated(Program.Builder builder, Tensor tensor) {
        int one = leaf(builder, tensor, Shape.SCALAR);
        return builder.add(new Movement.Broadcast(tensor.shape()), tensor.shape(), tensor.dtype(), one);
    }
}
