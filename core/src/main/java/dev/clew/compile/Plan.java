package dev.clew.compile;

import dev.clew.array.NDArray;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Formulas compiled once, to be run many times on different numbers: the tightest loop.
 *
 * <pre>
 *   Tensor x = Tensor.input("x", DType.F64, 26);
 *   Plan plan = Plan.compile(List.of(model.loss(x)));
 *   double loss = plan.run(Map.of(x, array)).getFirst().item();
 * </pre>
 *
 * <p>Parameters are read at every run. Everything else that is no input is as it was. Plans are safe to share between
 * threads; their memory goes with them.
 */
public final class Plan {
    private final List<Tensor> outputs;
    private final List<Tensor> leaves;
    private final Tape tape;
    private final Compiler.Code code;

    private Plan(List<Tensor> outputs, List<Tensor> leaves, Compiler.Code code) {
        this.outputs = outputs;
        this.leaves = leaves;
        this.code = code;
        this.tape = Tape.of(code);
    }

    /** Compiles the formulas of some tensors. */
    public static Plan compile(List<Tensor> outputs) {
        Capture capture = Capture.withInputs(outputs);
        return new Plan(List.copyOf(outputs), capture.leaves(), Compiler.compile(capture.program(), Compiler.ALL));
    }

    /**
     * The values of the outputs, in their order.
     *
     * @param inputs an array for every input that the outputs depend on
     * @throws IllegalArgumentException if one is missing, has another shape or type, or is not asked for
     */
    public List<NDArray> run(Map<Tensor, NDArray> inputs) {
        List<NDArray> numbers = new ArrayList<>(leaves.size());
        int taken = 0;
        for (Tensor leaf : leaves) {
            if (leaf.op() instanceof Source.Input input) {
                numbers.add(given(leaf, input, inputs.get(leaf)));
                taken++;
            } else {
                numbers.add(leaf.known().orElseThrow());
            }
        }
        if (taken < inputs.size()) {
            throw new IllegalArgumentException("run of a plan with " + inputs.size() + " inputs: it has " + taken
                    + "; the others are not inputs that its outputs depend on");
        }
        return tape.run(numbers);
    }

    private static NDArray given(Tensor leaf, Source.Input input, @org.jspecify.annotations.Nullable NDArray array) {
        if (array == null) {
            throw new IllegalArgumentException("run of a plan: no array for the input \"" + input.name() + "\" "
                    + leaf.shape() + " " + leaf.dtype());
        }
        if (!array.shape().equals(leaf.shape()) || array.dtype() != leaf.dtype()) {
            throw new IllegalArgumentException("run of a plan: the input \"" + input.name() + "\" is " + leaf.shape()
                    + " " + leaf.dtype() + " but the array is " + array.shape() + " " + array.dtype()
                    + "; shapes and types belong to the plan, so compile one for each");
        }
        return array;
    }

    /** What the plan does, for a person to read. */
    public String explain() {
        return Explanation.of(code);
    }

    @Override
    public String toString() {
        return "Plan of " + outputs.size() + " outputs, " + code.drafts().size() + " records, " + code.bytes()
                + " bytes";
    }
}
