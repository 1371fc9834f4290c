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
import java.util.Optional;

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
        return ParameterLock.whileUnchanged(() -> new Draft(Graph.toCompute(outputs), true).capture(outputs));
    }

    /** Of whole formulas, for whatever numbers; inputs are allowed, and nothing that is kept is looked at. */
    public static Capture withInputs(List<Tensor> outputs) {
        return new Draft(Graph.of(outputs), false).capture(outputs);
    }

    /** A graph that becomes a program, node by node. */
    private static final class Draft {
        private final Graph graph;
        /** Whether all numbers must be there now; else those of inputs and parameters are handed over later. */
        private final boolean now;

        private final Program.Builder builder;
        private final List<Tensor> leaves = new ArrayList<>();
        private final List<NDArray> numbers = new ArrayList<>();
        private final int[][] inputs;
        /** What every node of the graph is in the program. */
        private final int[] made;

        Draft(Graph graph, boolean now) {
            this.graph = graph;
            this.now = now;
            this.builder = new Program.Builder(graph.size());
            this.inputs = graph.inputPositions();
            this.made = new int[graph.size()];
        }

        Capture capture(List<Tensor> outputs) {
            for (int i = 0; i < made.length; i++) {
                made[i] = node(i);
            }
            int[] positions = new int[outputs.size()];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = made[graph.position(outputs.get(i))];
            }
            return new Capture(builder.build(positions), leaves, numbers);
        }

        private int node(int i) {
            Tensor tensor = graph.node(i);
            if (!now && (tensor.op() instanceof Source.Input || tensor instanceof Parameter)) {
                return leaf(tensor, NOT_YET);
            }
            if (now && tensor.op() instanceof Source.Input input) {
                input.value(tensor, List.of()); // Throws: nobody hands its numbers over.
            }
            Optional<NDArray> known = now || tensor.op() instanceof Source ? tensor.known() : Optional.empty();
            return known.isPresent() ? atHand(tensor, known.get()) : computed(tensor, inputs[i]);
        }

        private int atHand(Tensor tensor, NDArray number) {
            if (tensor.op() instanceof Source.Constant && Literals.isLiteral(number)) {
                return Literals.add(builder, number);
            }
            return isRepeated(number) && !(tensor instanceof Parameter)
                    ? repeated(tensor, number)
                    : leaf(tensor, number);
        }

        private int leaf(Tensor tensor, NDArray number) {
            leaves.add(tensor);
            numbers.add(number);
            return leaf(tensor, tensor.shape());
        }

        private int leaf(Tensor tensor, Shape shape) {
            Source leaf = tensor instanceof Parameter
                    ? new Source.Variable(shape, tensor.dtype())
                    : new Source.Input("", shape, tensor.dtype());
            return builder.leaf(new Node(leaf, shape, tensor.dtype()));
        }

        /** One number that fills an array is handed over once, and takes no more room than that. */
        private int repeated(Tensor tensor, NDArray number) {
            leaves.add(tensor);
            numbers.add(handed(number));
            int one = leaf(tensor, Shape.SCALAR);
            return builder.add(new Movement.Broadcast(tensor.shape()), tensor.shape(), tensor.dtype(), one);
        }

        private int computed(Tensor tensor, int... inputs) {
            int[] operands = new int[inputs.length];
            for (int j = 0; j < operands.length; j++) {
                operands[j] = made[inputs[j]];
            }
            return builder.add(tensor.op(), tensor.shape(), tensor.dtype(), operands);
        }
    }

    /** Whether one number fills an array of some shape. */
    static boolean isRepeated(NDArray array) {
        return array.isRepeated() && array.shape().rank() > 0;
    }

    /** What is handed over for an array: of one that repeats one number, that number. */
    public static NDArray handed(NDArray array) {
        return isRepeated(array) ? Literals.one(array) : array;
    }
}
