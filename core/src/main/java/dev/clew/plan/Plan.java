package dev.clew.plan;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.array.Transfer;
import dev.clew.internal.compile.Budget;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.run.PlanExplanation;
import dev.clew.internal.compile.run.StepProgram;
import dev.clew.internal.compile.run.StepRunner;
import dev.clew.internal.tensor.Caller;
import dev.clew.internal.tensor.Sources;
import dev.clew.internal.tensor.StepFormulas;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Formulas compiled once, to be run many times on different numbers: the tightest loop.
 *
 * {@snippet lang=java :
 * Tensor x = Tensor.input("x", DType.F64, 26);
 * Plan plan = Plan.compile(List.of(model.loss(x)));
 * double loss = plan.run(Map.of(x, array)).getFirst().item();
 * }
 *
 * <p>A plan gives the same bits for the same numbers at every run, whatever the number of threads, the width of the machine's vectors,
 * whether its code is plain or generated, and within whatever bytes it was compiled. Another plan that has the same formula among other
 * outputs, or {@link dev.clew.tensor.Evaluator#plain()}, gives the same bits but where products that are added, sums over rows that are
 * added, or rows that are added by index are merged into one: there terms are added in another order, counted from the first of the
 * merged sum, and each result of n terms is within min(n, 256 + n/256)·ε·Σ|terms| of the exact one; see {@link Tensor#value()}; and but
 * for {@link Tensor#oneHot one-hot rows} beside NaN or infinities.
 *
 * <p>What is drawn at random while the formula is built, such as a mask of dropout, stays as it was; compiling says so in the
 * log. A key that is an input gives other numbers in every run.
 *
 * <p>Parameters are read at every run. Everything else that is no input is as it was. A plan with updates is a step of
 * training: at the end of a run the parameters change, all together; if the first output or a new value is not finite, none
 * does. Plans are safe to share between threads, one run at a time, and several plans may change the same parameters; their memory
 * goes with them.
 *
 * <p><b>If you suspect a wrong number,</b> run your program with {@code -Dclew.verify=true}. Then every plan, whether made here,
 * by {@code value()} or by a step of training, is checked while it is compiled, by rules for legal programs after each pass and
 * for who may write where in its memory; and in its first run it is compared with what the formulas mean, twice over. Every value
 * that the plan leaves in memory, also one that no output needs, and the new values of parameters where they are put, must be to
 * the bit what the walk makes of the plan's own values before it; in plain and in vector code, on a memory that is NaN wherever
 * nothing should be read. And the formulas, walked one operation after the other as you wrote them, each from the plan's own values
 * wherever it has them, must give what the plan gives. So an error is found where it is made, and rounding cannot grow to one: a net
 * whose last states depend on the last bit of the first ones raises no alarm. Sums may be added in another order, so a sum may
 * differ by a few units in the last place of its terms' magnitude, and what is made of it by as much as that makes of it, which
 * beside a jump or a pole may be anything; all else must be equal to the bit. Not compared are later runs, and what several
 * threads make of the same records.
 *
 * <p>What it finds is an {@link IllegalStateException} that names the operation, the index and both values, and prints the
 * smallest program that shows it: please report that. If it finds nothing, the numbers are what your formulas say, and {@link
 * dev.clew.tensor.Tracing} and {@code GradientCheck} look at those. It takes some times as long as a first run by the walk, and several
 * times as much memory as all values together; later runs are as fast as ever, and while it is off it costs nothing.
 */
public final class Plan {
    private static final System.Logger LOG = System.getLogger(Plan.class.getName());

    private final List<Tensor> outputs;
    private final Capture capture;
    private final CompiledProgram code;
    private final StepRunner runner;
    private final ImmutableList<Tensor> inputs;
    /** Which input a slot is; -1 for a number that stays. */
    private final int[] inputOf;

    private final Postmortem postmortem;
    private final Arrays arrays = new Arrays();
    /** How many runs went well. */
    private long good;

    private Plan(Postmortem postmortem, Capture capture, CompiledProgram code, BitSet fixed) {
        this.postmortem = postmortem;
        this.outputs = postmortem.formulas().outputs();
        this.capture = capture;
        this.code = code;
        this.runner = new StepRunner(code, capture.leaves(), fixed);
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

    private Plan(Plan other, Postmortem postmortem) {
        this.outputs = other.outputs;
        this.capture = other.capture;
        this.code = other.code;
        this.runner = other.runner;
        this.inputs = other.inputs;
        this.inputOf = other.inputOf;
        this.postmortem = postmortem;
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
        PlanArguments.formulas(outputs, updates);
        updates.forEach((parameter, value) -> {
            if (!value.shape().equals(parameter.shape()) || value.dtype() != parameter.dtype()) {
                throw new IllegalArgumentException("plan with the new value " + value.describe() + " for "
                        + parameter.describe() + ": shape and type of a parameter stay as they are");
            }
        });
        StepFormulas formulas = new StepFormulas(outputs, List.of(), updates);
        warnOfDraws(formulas.all());
        StepProgram step = StepProgram.of("plan", formulas);
        Capture capture = step.capture();
        BitSet fixed = step.staying(slot -> !(capture.leaves().get(slot).op() instanceof Source.Input));
        CompiledProgram code = Budget.compile(capture.program(), step.updates(), fixed, bytes);
        return new Plan(new Postmortem(formulas, Map.of(), Caller.site()), capture, code, fixed);
    }

    private static void warnOfDraws(List<Tensor> all) {
        List<Tensor> drawn = Sources.drawn(Graph.of(all).nodes());
        if (!drawn.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "The plan repeats {0} random mask(s), the first {1}, in every run: they were drawn when the formula was"
                            + " built. Make the key an input instead: key = Tensor.input(\"key\", DType.I32, 2);"
                            + " dropout(x, rate, key); plan.run(Map.of(key, randomKey.fold(step).words(), ...));",
                    drawn.size(),
                    drawn.getFirst().describe());
        }
    }

    /** This plan, with names for parameters, which its errors use. */
    public Plan withNames(Map<String, Parameter> names) {
        Present.require("withNames", names);
        return new Plan(this, postmortem.with(names));
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
     * The values of the outputs, in their order. Where {@link dev.clew.tensor.Tracing} is on, a NaN in one is an error, as in
     * {@link Tensor#value()}.
     *
     * <p>If another thread changes a parameter that the plan reads while a run that changes parameters is computing, the run is
     * computed again from the new numbers: no change is lost.
     *
     * @param given an array for every input that the outputs depend on
     * @throws IllegalArgumentException if one is missing, has another shape or type, or is not asked for
     * @throws ArithmeticException if parameters were to change and a value is not finite; then none has. It names that value, and
     *     where what is not finite began: the operation, its index and operands, or the data that brought it
     */
    public List<NDArray> run(Map<Tensor, NDArray> given) {
        return run(new Mapped(PlanArguments.arrays(inputs, given)));
    }

    private List<NDArray> run(Mapped mapped) {
        run((Run) mapped);
        return mapped.values;
    }

    /**
     * The same on Java arrays of the caller, row-major, into others: {@code double[]} for f64, {@code float[]} for f32, {@code
     * int[]} for i32, {@code boolean[]} for bool. Allocates nothing once it is warm.
     *
     * @param given one for every one of {@link #inputs}
     * @param results one for every output
     */
    public void run(List<?> given, List<?> results) {
        PlanArguments.javaArrays("input", inputs, given);
        PlanArguments.javaArrays("output", outputs, results);
        synchronized (runner) {
            arrays.given = given;
            arrays.results = results;
            try {
                run(arrays);
            } finally {
                arrays.given = List.of();
                arrays.results = List.of();
            }
        }
    }

    private void run(Run run) {
        synchronized (runner) {
            boolean isDone;
            try {
                isDone = runner.step(run);
            } catch (RuntimeException error) {
                throw postmortem.error(error, numbers(run));
            }
            if (!isDone) {
                throw postmortem.notFinite(runner.notFinite(), numbers(run), good);
            }
            good++;
        }
    }

    /** What a run read: its inputs, and the parameters as they were. */
    private Map<Tensor, NDArray> numbers(Run run) {
        Map<Tensor, NDArray> numbers = new HashMap<>();
        for (int slot = 0; slot < inputOf.length; slot++) {
            Tensor leaf = capture.leaves().get(slot);
            if (inputOf[slot] >= 0) {
                numbers.put(leaf, run.number(inputOf[slot]));
            } else if (leaf instanceof Parameter) {
                numbers.put(leaf, runner.parameter(slot));
            }
        }
        return numbers;
    }

    private interface Run extends StepRunner.Data {
        /** What is given for an input. */
        NDArray number(int input);
    }

    /** Arrays in and out. */
    private final class Mapped implements Run {
        private final NDArray[] given;
        private final List<NDArray> values = new ArrayList<>();

        Mapped(NDArray[] given) {
            this.given = given;
        }

        @Override
        public NDArray number(int input) {
            return given[input];
        }

        @Override
        public void store(int slot, MemorySegment memory, MemoryView home) {
            int input = inputOf[slot];
            home.store(input < 0 ? capture.numbers().get(slot) : given[input], memory);
        }

        @Override
        public void loaded(MemorySegment memory, ImmutableList<MemoryView> homes) {
            values.clear();
            for (MemoryView home : homes.subList(0, outputs.size())) {
                values.add(home.load(memory));
            }
            if (Tracing.isOn()) {
                postmortem.requireNumbers(values, numbers(this));
            }
        }
    }

    /** Java arrays in and out: those of the run that has the runner. */
    private final class Arrays implements Run {
        private List<?> given = List.of();
        private List<?> results = List.of();

        @Override
        public NDArray number(int input) {
            return Transfer.copy(given.get(input), inputs.get(input).shape());
        }

        @Override
        public void store(int slot, MemorySegment memory, MemoryView home) {
            int input = inputOf[slot];
            if (input < 0) {
                home.store(capture.numbers().get(slot), memory);
            } else if (home.isContiguous()) {
                Transfer.store(given.get(input), home.shape().elements(), memory, home.address());
            } else {
                home.store(Transfer.copy(given.get(input), home.shape()), memory);
            }
        }

        @Override
        public void loaded(MemorySegment memory, ImmutableList<MemoryView> homes) {
            for (int i = 0; i < results.size(); i++) {
                MemoryView home = homes.get(i);
                if (home.isContiguous()) {
                    Transfer.load(
                            memory, home.address(), results.get(i), home.shape().elements());
                } else {
                    Transfer.copy(home.load(memory), results.get(i));
                }
            }
            if (Tracing.isOn()) {
                postmortem.requireNumbers(
                        homes.subList(0, outputs.size()).stream()
                                .map(home -> home.load(memory))
                                .toList(),
                        numbers(this));
            }
        }
    }

    /**
     * What became of the operations, in a page: how many were merged, fused and placed, the memory, and what the plan does, by kind of
     * record. Times are in microseconds: what a record would take at the core's peak (two vector operations a cycle or half a cache
     * line, at 4 GHz) and, after a run, what it took in the fastest of the runs 1, 2, 4, 8, ... which are timed record by record.
     */
    public String explain() {
        return PlanExplanation.of(code, runner.nanos(), runner.vectors());
    }

    /** What it takes, gives and changes: {@code Plan of input "x" (2) f64 -> sum () f64; changes w; 12 records, 640 bytes}. */
    @Override
    public String toString() {
        return "Plan of " + PlanArguments.described(inputs, "no inputs") + " -> "
                + PlanArguments.described(outputs, "nothing") + postmortem.changes() + "; "
                + code.drafts().size() + " records, " + code.bytes() + " bytes";
    }
}
