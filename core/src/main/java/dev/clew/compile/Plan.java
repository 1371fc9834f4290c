package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.array.Transfer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Formulas compiled once, to be run many times on different numbers: the tightest loop.
 *
 * <pre>
 *   Tensor x = Tensor.input("x", DType.F64, 26);
 *   Plan plan = Plan.compile(List.of(model.loss(x)));
 *   double loss = plan.run(Map.of(x, array)).getFirst().item();
 * </pre>
 *
 * <p>A plan gives the same bits for the same numbers at every run, whatever the number of threads, the width of the machine's vectors,
 * whether its code is plain or generated, and within whatever bytes it was compiled. Another plan that has the same formula among other
 * outputs, or {@link dev.clew.tensor.Evaluator#plain()}, gives the same bits but where sums of products or of sums are merged into one: there terms are
 * added in another order, and each result is within the rounding of such a sum of the exact one.
 *
 * <p>Parameters are read at every run. Everything else that is no input is as it was. A plan with updates is a step of
 * training: at the end of a run the parameters change, all together; if the first output or a new value is not finite, none
 * does. Plans are safe to share between threads, one run at a time; their memory goes with them.
 */
public final class Plan {
    private final List<Tensor> outputs;
    private final Capture capture;
    private final Compiler.Code code;
    private final Trainer trainer;
    private final ImmutableList<Tensor> inputs;
    /** Which input a slot is; -1 for a number that stays. */
    private final int[] inputOf;

    private final Arrays arrays = new Arrays();

    private Plan(
            List<Tensor> outputs, Capture capture, Compiler.Code code, List<Training.Update> updates, BitSet fixed) {
        this.outputs = List.copyOf(outputs);
        this.capture = capture;
        this.code = code;
        this.trainer = new Trainer(code, capture.leaves(), updates, fixed);
        this.inputOf = new int[capture.leaves().size()];
        ImmutableList.Builder<Tensor> found = ImmutableList.builder();
        int count = 0;
        for (int slot = 0; slot < inputOf.length; slot++) {
            boolean isInput = capture.leaves().get(slot).op() instanceof Source.Input;
            inputOf[slot] = isInput ? count++ : -1;
            if (isInput) {
                found.add(capture.leaves().get(slot));
            }
        }
        this.inputs = found.build();
    }

    /** Compiles the formulas of some tensors. */
    public static Plan compile(List<Tensor> outputs) {
        return compile(outputs, Map.of());
    }

    /**
     * Compiles a step of training: the formulas of some tensors, of which the first is usually the loss, and of the new value
     * of every parameter that changes. Outputs are from before the change.
     */
    public static Plan compile(List<Tensor> outputs, Map<Parameter, Tensor> updates) {
        return compileWithin(Long.MAX_VALUE, outputs, updates);
    }

    /**
     * The same as a plan whose memory is at most so large: values that would have to be kept for long, the states of a long loop
     * until its gradient needs them, are computed again instead. The results are the same to the bit.
     *
     * @param bytes what {@link #bytes} may be. Everything that the plan holds counts, the outputs and the data that it is given
     *     too; arrays of the caller and what is there without a plan do not.
     * @throws IllegalArgumentException if that is not enough; it names what is
     */
    public static Plan compileWithin(long bytes, List<Tensor> outputs, Map<Parameter, Tensor> updates) {
        List<Tensor> all = new ArrayList<>(outputs);
        updates.forEach((parameter, value) -> {
            if (!value.shape().equals(parameter.shape()) || value.dtype() != parameter.dtype()) {
                throw new IllegalArgumentException("plan with the new value " + value.describe() + " for "
                        + parameter.describe() + ": shape and type of a parameter stay as they are");
            }
            all.add(value);
        });
        Capture capture = Capture.withInputs(all);
        List<Training.Update> changes = new ArrayList<>();
        for (Parameter parameter : updates.keySet()) {
            int slot = capture.leaves().indexOf(parameter);
            if (slot < 0) {
                throw new IllegalArgumentException("plan with a new value for " + parameter.describe()
                        + ": neither an output nor a new value depends on that parameter; set it once instead");
            }
            changes.add(new Training.Update(slot, outputs.size() + changes.size()));
        }
        BitSet fixed = Training.staying(
                capture.program(), slot -> !(capture.leaves().get(slot).op() instanceof Source.Input));
        return new Plan(outputs, capture, Budget.compile(capture.program(), changes, fixed, bytes), changes, fixed);
    }

    /** How large the memory is in which it runs. */
    public long bytes() {
        return code.bytes();
    }

    /** The inputs that the outputs depend on, in the order in which {@link #run(List, List)} takes their numbers. */
    public List<Tensor> inputs() {
        return inputs;
    }

    /**
     * The values of the outputs, in their order.
     *
     * @param given an array for every input that the outputs depend on
     * @throws IllegalArgumentException if one is missing, has another shape or type, or is not asked for
     * @throws ArithmeticException if parameters were to change and a value is not finite; then none has
     */
    public List<NDArray> run(Map<Tensor, NDArray> given) {
        NDArray[] arrays = new NDArray[inputs.size()];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = checked(inputs.get(i), given.get(inputs.get(i)));
        }
        if (given.size() > arrays.length) {
            throw new IllegalArgumentException("run of a plan with " + given.size() + " inputs: it has " + arrays.length
                    + "; the others are not inputs that its outputs depend on");
        }
        List<NDArray> values = new ArrayList<>(outputs.size());
        require(trainer.step(new Trainer.Data() {
            @Override
            public void store(int slot, MemorySegment memory, View home) {
                int input = inputOf[slot];
                Fallback.store(input < 0 ? capture.numbers().get(slot) : arrays[input], memory, home);
            }

            @Override
            public void loaded(MemorySegment memory, ImmutableList<View> homes) {
                for (View home : homes.subList(0, outputs.size())) {
                    values.add(Fallback.load(memory, home));
                }
            }
        }));
        return values;
    }

    /**
     * The same on Java arrays of the caller, row-major, into others: {@code double[]} for f64, {@code float[]} for f32, {@code
     * int[]} for i32, {@code boolean[]} for bool. Allocates nothing once it is warm.
     *
     * @param given one for every one of {@link #inputs}
     * @param results one for every output
     */
    public void run(List<?> given, List<?> results) {
        requireArrays("input", inputs, given);
        requireArrays("output", outputs, results);
        synchronized (trainer) {
            arrays.given = given;
            arrays.results = results;
            try {
                require(trainer.step(arrays));
            } finally {
                arrays.given = List.of();
                arrays.results = List.of();
            }
        }
    }

    /** Java arrays in and out: those of the run that has the trainer. */
    private final class Arrays implements Trainer.Data {
        private List<?> given = List.of();
        private List<?> results = List.of();

        @Override
        public void store(int slot, MemorySegment memory, View home) {
            int input = inputOf[slot];
            if (input < 0) {
                Fallback.store(capture.numbers().get(slot), memory, home);
            } else if (home.isContiguous()) {
                Transfer.store(given.get(input), home.shape().elements(), memory, Draft.address(home));
            } else {
                Fallback.store(Transfer.copy(given.get(input), home.shape()), memory, home);
            }
        }

        @Override
        public void loaded(MemorySegment memory, ImmutableList<View> homes) {
            for (int i = 0; i < results.size(); i++) {
                View home = homes.get(i);
                if (home.isContiguous()) {
                    Transfer.load(
                            memory,
                            Draft.address(home),
                            results.get(i),
                            home.shape().elements());
                } else {
                    Transfer.copy(Fallback.load(memory, home), results.get(i));
                }
            }
        }
    }

    private static void requireArrays(String what, List<Tensor> tensors, List<?> arrays) {
        if (arrays.size() != tensors.size()) {
            throw new IllegalArgumentException("run of a plan with " + arrays.size() + " arrays for its "
                    + tensors.size() + " " + what + "s: there must be one for each");
        }
        for (int i = 0; i < arrays.size(); i++) {
            Tensor tensor = tensors.get(i);
            Object array = arrays.get(i);
            boolean fits = Transfer.isOf(tensor.dtype(), array)
                    && Array.getLength(array) == tensor.shape().elements();
            if (!fits) {
                throw new IllegalArgumentException("run of a plan: " + what + " " + i + " is " + tensor.describe()
                        + ", which takes " + tensor.shape().elements() + " numbers of that type, but the array is "
                        + (array.getClass().isArray()
                                ? array.getClass().getComponentType() + "[" + Array.getLength(array) + "]"
                                : array.getClass().getSimpleName()));
            }
        }
    }

    private static void require(boolean isDone) {
        if (!isDone) {
            throw new ArithmeticException(
                    "run of a plan: the first output or a new value is not finite, so no parameter"
                            + " was changed; NonFinite.first(...) names the first value that is not");
        }
    }

    private static NDArray checked(Tensor leaf, @Nullable NDArray array) {
        String name = "the input \"" + ((Source.Input) leaf.op()).name() + "\" ";
        String type = leaf.shape() + " " + leaf.dtype();
        if (array == null) {
            throw new IllegalArgumentException("run of a plan: no array for " + name + type);
        }
        if (!array.shape().equals(leaf.shape()) || array.dtype() != leaf.dtype()) {
            throw new IllegalArgumentException(
                    "run of a plan: " + name + "is " + type + " but the array is " + array.shape() + " " + array.dtype()
                            + "; shapes and types belong to the plan, so compile one for each");
        }
        return array;
    }

    /**
     * What became of the operations, in a page: how many were merged, fused and placed, the memory, and what the plan does, by kind of
     * record. Times are in microseconds: what a record would take at the core's peak (two vector operations a cycle or half a cache
     * line, at 4 GHz) and, after a run, what it took in the fastest of the runs 1, 2, 4, 8, ... which are timed record by record.
     */
    public String explain() {
        return Explanation.of(code, trainer.nanos(), trainer.vectors());
    }

    @Override
    public String toString() {
        return "Plan of " + outputs.size() + " outputs, " + code.drafts().size() + " records, " + code.bytes()
                + " bytes";
    }
}
