package dev.clew.fuzz;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.Routes;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepRule;
import dev.clew.plan.Plan;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Stepped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Everything that a sketch is held to. */
enum Checks {
    /** Every line, computed by the walk from what the walk gave for its operands, is what the oracle makes of these. */
    WALK {
        @Override
        Optional<String> fault(Sketch sketch) {
            return Walked.fault(sketch, Graph.of(sketch, false));
        }
    },
    /** Gradients are the oracle's slopes, of first and second order. */
    GRADIENT {
        @Override
        Optional<String> fault(Sketch sketch) {
            return Walked.slopes(sketch);
        }
    },
    /** A plan that keeps the order of sums gives the bits of the walk. */
    UNMERGED {
        @Override
        Optional<String> fault(Sketch sketch) {
            if (Agreement.choosesBesideInfinities(sketch)) {
                return Optional.empty();
            }
            List<Tensor> outputs = Graph.of(sketch, false).outputs();
            return Agreement.bits(
                    outputs, Routes.unmerged(outputs).tape(), Evaluator.plain().evaluate(outputs));
        }
    },
    /** A plan is close to the walk, and on memory that is NaN has the same bits. */
    PLAN {
        @Override
        Optional<String> fault(Sketch sketch) {
            List<Tensor> outputs = Graph.of(sketch, false).outputs();
            Routes routes = Routes.of(outputs);
            List<NDArray> found = routes.tape();
            return Agreement.close(sketch, outputs, found).or(() -> Agreement.bits(outputs, routes.poisoned(), found));
        }
    },
    /** What {@code -Dclew.verify=true} compares raises no alarm. */
    VERIFY {
        @Override
        Optional<String> fault(Sketch sketch) {
            Routes.of(Graph.of(sketch, false).outputs()).verify();
            return Optional.empty();
        }
    },
    /** The vector form has the bits of the plain one, and so has what runs on two threads, or twice at once. */
    FORMS {
        @Override
        Optional<String> fault(Sketch sketch) {
            List<Tensor> outputs = Graph.of(sketch, false).outputs();
            Routes routes = Routes.of(outputs);
            List<NDArray> plain = routes.poisoned();
            List<List<NDArray>> twice = routes.twice();
            return Agreement.bits(outputs, routes.vectors(), plain)
                    .or(() -> Agreement.bits(outputs, routes.sideBySide(), plain))
                    .or(() -> Agreement.bits(outputs, twice.get(0), plain))
                    .or(() -> Agreement.bits(outputs, twice.get(1), plain));
        }
    },
    /** A plan with inputs is close to the walk, run after run. */
    INPUTS {
        @Override
        Optional<String> fault(Sketch sketch) {
            Graph graph = Graph.of(sketch, true);
            Plan plan = Plan.compile(graph.outputs());
            Map<Tensor, NDArray> given = graph.given().entrySet().stream()
                    .filter(entry -> plan.inputs().contains(entry.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            if (!Walked.isFinite(sketch)) {
                return Optional.empty();
            }
            plan.run(given);
            return Agreement.close(sketch, graph.outputs(), plan.run(given));
        }
    },
    /** A plan within fewer bytes has the bits of the whole one. */
    BUDGET {
        @Override
        Optional<String> fault(Sketch sketch) {
            Graph graph = Graph.of(sketch, false);
            List<Tensor> outputs = new ArrayList<>(List.of(graph.loss()));
            outputs.addAll(graph.gradients());
            Plan whole = Plan.compile(outputs);
            if (!Walked.isFinite(sketch)) {
                return Optional.empty();
            }
            for (double part : new double[] {0.9, 0.7, 0.5}) {
                Optional<Plan> small = within((long) (whole.bytes() * part), outputs);
                Optional<String> fault =
                        small.flatMap(plan -> Agreement.bits(outputs, plan.run(Map.of()), whole.run(Map.of())));
                if (fault.isPresent()) {
                    return fault;
                }
            }
            return Optional.empty();
        }

        private Optional<Plan> within(long bytes, List<Tensor> outputs) {
            try {
                return Optional.of(Plan.compileWithin(bytes, outputs, Map.of()));
            } catch (IllegalArgumentException error) {
                if (String.valueOf(error.getMessage()).startsWith("plan within ")) {
                    return Optional.empty();
                }
                throw error;
            }
        }
    },
    /** A step of training gives and changes what the walk's does. */
    STEP {
        @Override
        Optional<String> fault(Sketch sketch) {
            Graph compiled = Graph.of(sketch, false);
            Graph plain = Graph.of(sketch, false);
            CompilingEvaluator evaluator = new CompilingEvaluator(Compiler.ALL);
            if (compiled.parameters().isEmpty()) {
                return Optional.empty();
            }
            StepRule rule = _ -> descent(compiled);
            Optional<List<NDArray>> found = Stepped.by(evaluator, List.of(compiled.loss()), rule);
            Optional<List<NDArray>> expected =
                    Stepped.by(Evaluator.plain(), List.of(plain.loss()), _ -> descent(plain));
            if (found.isPresent() != expected.isPresent()) {
                return Optional.of("one step was refused, and one was not");
            }
            if (found.isEmpty()) {
                return Optional.empty();
            }
            List<Tensor> names = new ArrayList<>(compiled.parameters());
            return Agreement.near(
                    sketch,
                    names,
                    compiled.parameters().stream().map(Parameter::value).toList(),
                    plain.parameters().stream().map(Parameter::value).toList(),
                    moved -> Graph.of(moved, false).parameters().stream()
                            .map(parameter -> (Tensor) parameter)
                            .toList());
        }

        private StepChange descent(Graph graph) {
            ImmutableMap.Builder<Parameter, Tensor> updates = ImmutableMap.builder();
            for (int i = 0; i < graph.parameters().size(); i++) {
                updates.put(
                        graph.parameters().get(i),
                        graph.parameters().get(i).minus(graph.gradients().get(i).times(0.125)));
            }
            return new StepChange(ImmutableList.of(), updates.buildOrThrow());
        }
    };

    /** What is wrong, if anything is. */
    abstract Optional<String> fault(Sketch sketch);

    /** The fault that a check finds, an error included. */
    Optional<Fault> of(Sketch sketch) {
        try {
            return fault(sketch).map(what -> new Fault(this, what, what));
        } catch (RuntimeException | Error error) {
            StackTraceElement[] trace = error.getStackTrace();
            String at = Arrays.stream(trace)
                    .filter(each -> each.getClassName().startsWith("dev.clew.")
                            && !each.getClassName().startsWith("dev.clew.fuzz"))
                    .limit(4)
                    .map(StackTraceElement::toString)
                    .collect(Collectors.joining(" < "));
            return Optional.of(new Fault(this, error.getClass().getSimpleName(), error + " at " + at));
        }
    }

    /**
     * Something wrong.
     *
     * @param kind what stays the same while the sketch is made smaller
     */
    record Fault(Checks check, String kind, String what) {
        boolean isLike(Fault other) {
            return check == other.check && words().equals(other.words());
        }

        /** What comes before the first number. */
        private String words() {
            return kind.split("[0-9]", 2)[0];
        }
    }

    /** The walk and the plan for every seed, the rest in turns. */
    static Set<Checks> some(long seed) {
        EnumSet<Checks> some = EnumSet.of(WALK, PLAN);
        Checks[] others = {GRADIENT, UNMERGED, VERIFY, STEP, FORMS, INPUTS, BUDGET};
        SplittableRandom random = new SplittableRandom(seed);
        some.add(others[random.nextInt(others.length)]);
        some.add(others[random.nextInt(others.length)]);
        return some;
    }

    /** The first fault by some checks. */
    static Optional<Fault> first(Sketch sketch, Set<Checks> checks) {
        return checks.stream().flatMap(check -> check.of(sketch).stream()).findFirst();
    }
}
