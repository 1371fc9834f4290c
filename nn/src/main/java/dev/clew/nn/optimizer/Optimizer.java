package dev.clew.nn.optimizer;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.Afterwards;
import dev.clew.internal.tensor.NotFinite;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepEvaluator;
import dev.clew.internal.tensor.StepFormulas;
import dev.clew.internal.tensor.StepResult;
import dev.clew.internal.tensor.StepRule;
import dev.clew.internal.tensor.StepValues;
import dev.clew.nn.Parameters;
import dev.clew.nn.internal.Names;
import dev.clew.plan.Plan;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Trains the parameters of a model: p ← p − rate·u, where u is made of the gradient ∂loss/∂p by {@link Transform parts}, one after the
 * other. The new values, and those of what parts keep from step to step, are formulas, evaluated together with the loss.
 */
public abstract sealed class Optimizer permits Tunable, Lbfgs {
    private final Trained trained;
    private final Update update;
    private final ImmutableMap<String, Parameter> names;
    private final Growth growth = new Growth();
    private final Afterwards afterwards = new Afterwards();
    private final StepRule rule = outputs -> change("step", outputs.getFirst());
    /** Inputs for gradients that come from elsewhere. */
    private final ImmutableMap<Parameter, Tensor> given;

    private final Supplier<Plan> ofGiven = Suppliers.memoize(this::planOfGiven);
    private long steps;

    Optimizer(Trained trained, List<Transform> own) {
        this.trained = trained;
        this.update = new Update(trained, own);
        ImmutableMap.Builder<Parameter, Tensor> slopes = ImmutableMap.builder();
        trained.rates()
                .keySet()
                .forEach(each -> slopes.put(
                        each,
                        Tensor.input("gradient", each.dtype(), each.shape().lengths())));
        this.given = slopes.buildOrThrow();
        update.of(given); // So all that parts keep is there before the first step.
        update.rates().declare();
        this.names = ImmutableMap.<String, Parameter>builder()
                .putAll(trained.parameters())
                .putAll(update.kept())
                .buildKeepingLast();
    }

    /** Trains every parameter of a model at one rate, with gradients that go through some parts. */
    public static Composed of(Object model, double rate, Transform... parts) {
        Present.require("optimizer", (Object) parts);
        return new Composed(Trained.of(model, rate), ImmutableList.copyOf(parts));
    }

    /** The same at rates that change from step to step. */
    public static Composed of(Object model, Schedule rate, Transform... parts) {
        Present.require("optimizer", (Object) parts);
        return new Composed(Trained.of(model, rate), ImmutableList.copyOf(parts));
    }

    final Trained trained() {
        return trained;
    }

    /**
     * What the parts keep from step to step, by name: {@code adam.m.cell.wx}. Together with the parameters it is all that another run
     * needs to go on.
     */
    public Map<String, Parameter> state() {
        return update.kept();
    }

    /**
     * One step: the gradient of the loss, then the update. It applies whole or not at all: all new values are computed, found
     * finite, and put in place together. If another thread changes a parameter of the loss meanwhile, by a step or {@link
     * Parameter#set}, the step is computed again from the new numbers: no change is lost.
     *
     * <p>The loss of the step is {@link Step#loss}. {@code loss.value()} after it is the loss with the new parameters, which are
     * what a formula means from now on; so the sum over many steps is one of numbers, {@code total += sgd.step(loss).loss()}, and
     * not a tensor.
     *
     * @param also tensors whose values are wanted too, from before the update: a state to carry on, a metric
     * @throws IllegalArgumentException if the loss is not one floating-point number that depends on a parameter
     * @throws IllegalStateException if something depends on a {@link Tensor#input}, which has numbers only while a plan runs
     * @throws ArithmeticException if the loss, a gradient or a new value is not finite; then no parameter has changed
     */
    public synchronized Step step(Tensor loss, Tensor... also) {
        requireLoss("step", loss, also);
        return step(loss, Lists.asList(loss, also), ImmutableMap.of());
    }

    /**
     * The same with tensors whose values are found by name: {@code step(loss, Map.of("errors", errors)).value("errors")}.
     *
     * @throws IllegalArgumentException as {@link #step(Tensor, Tensor...)}
     */
    public synchronized Step step(Tensor loss, Map<String, Tensor> also) {
        Present.require("step", loss, also);
        ImmutableMap<String, Tensor> named = ImmutableMap.copyOf(also);
        requireLoss("step", loss);
        return step(loss, Lists.asList(loss, named.values().toArray(Tensor[]::new)), named);
    }

    private Step step(Tensor loss, List<Tensor> outputs, ImmutableMap<String, Tensor> named) {
        StepValues values = taken(loss, outputs);
        steps++;
        afterwards.stepped(outputs);
        return new Step(
                afterwards,
                trained.parameters(),
                values.outputs().getFirst().item(),
                together(trained.rates().keySet(), values.reported()),
                together(outputs, values.outputs()),
                named);
    }

    /** The step itself: what it gives, and the gradients. */
    StepValues taken(Tensor loss, List<Tensor> outputs) {
        StepResult result = StepEvaluator.step(Evaluator.current(), outputs, rule);
        if (result.isNew()) { // What grows from step to step is.
            growth.observe(Graph.of(outputs), loss);
        } else {
            growth.observeNone(loss);
        }
        return result.values().orElseThrow(() -> notFinite(loss));
    }

    /**
     * One step along gradients that come from elsewhere, {@code dev.clew.nn.credit} or another process: the update alone. It applies
     * whole or not at all, as {@link #step(Tensor, Tensor...)} does.
     *
     * @param gradients one for every parameter that is trained, of its shape and type; others are not looked at
     * @throws IllegalArgumentException if one is missing, or of another shape or type
     * @throws ArithmeticException if a gradient or a new value is not finite; then no parameter has changed
     */
    public synchronized void step(Map<Parameter, NDArray> gradients) {
        Present.require("step", gradients);
        Map<Tensor, NDArray> numbers = new LinkedHashMap<>();
        given.forEach((parameter, input) -> numbers.put(input, checked(parameter, gradients.get(parameter))));
        ofGiven.get().run(numbers);
        steps++;
    }

    private NDArray checked(Parameter parameter, @Nullable NDArray gradient) {
        if (gradient == null || !gradient.shape().equals(parameter.shape()) || gradient.dtype() != parameter.dtype()) {
            throw new IllegalArgumentException("step along "
                    + (gradient == null ? "no gradient" : "a gradient " + gradient.shape() + " " + gradient.dtype())
                    + " of " + trained.name(parameter) + ", " + parameter.describe()
                    + ": there must be one of its shape and type; zeros leave it where it is, but for what an optimizer"
                    + " keeps of gradients before");
        }
        if (!NonFinite.allFinite(gradient)) {
            throw new ArithmeticException("step " + (steps + 1) + ": the gradient of " + trained.name(parameter)
                    + " that was given is not finite, so no parameter was changed");
        }
        return gradient;
    }

    private Plan planOfGiven() {
        return Plan.compile(List.of(Tensor.of(0.0)), update.of(given).updates()).withNames(names);
    }

    /**
     * A step compiled once, for the tightest loop: a plan whose first output is the loss, and whose runs change the parameters. Data
     * that differ from run to run are inputs, {@code Tensor.input}.
     *
     * @param also tensors whose values are wanted too, as further outputs
     */
    public Plan compile(Tensor loss, Tensor... also) {
        requireLoss("compile", loss, also);
        return Plan.compile(Lists.asList(loss, also), change("compile", loss).updates())
                .withNames(names);
    }

    /**
     * The same as a plan whose memory is at most so many bytes: {@link Plan#compileWithin}.
     *
     * @throws IllegalArgumentException if that is not enough; it names what is
     */
    public Plan compileWithin(long bytes, Tensor loss, Tensor... also) {
        requireLoss("compileWithin", loss, also);
        return Plan.compileWithin(
                        bytes,
                        Lists.asList(loss, also),
                        change("compileWithin", loss).updates())
                .withNames(names);
    }

    /** The new values; the gradients are reported. */
    private StepChange change(String asked, Tensor loss) {
        Gradients gradients = gradients(asked, loss, trained.rates().keySet());
        ImmutableMap.Builder<Parameter, Tensor> slopes = ImmutableMap.builder();
        trained.rates().keySet().forEach(parameter -> slopes.put(parameter, gradients.wrt(parameter)));
        return update.of(slopes.buildOrThrow());
    }

    /**
     * The Euclidean norm over the gradients of a loss with respect to all parameters that are trained, as a formula: what a {@linkplain
     * #compile compiled} step reports of them without handing them out. Shapes: () f64.
     *
     * @throws IllegalArgumentException if the loss is not one floating-point number that depends on a parameter
     */
    public Tensor gradientNorm(Tensor loss) {
        requireLoss("gradientNorm", loss);
        Gradients gradients = gradients("gradientNorm", loss, trained.rates().keySet());
        return Clip.GlobalNorm.of(
                trained.rates().keySet().stream().map(gradients::wrt).toList());
    }

    /** The learning rate of the next step, the largest if there are several. */
    public double rate() {
        return update.rates().largest();
    }

    /**
     * Tells the schedules of a metric, such as the loss of held-out data; those that do not {@linkplain Plateau listen} do nothing.
     *
     * @throws ArithmeticException if it is not finite; then none has heard it
     */
    public synchronized void report(double metric) {
        update.rates().heard(metric);
    }

    /**
     * A copy of a model that holds the averages of its parameters. Before there are any, and for parameters that are not trained, it holds the
     * numbers of now.
     *
     * @throws IllegalArgumentException if none of the model's parameters is trained by this optimizer
     * @throws IllegalStateException if it keeps no averages: {@link Tunable#withAverage}
     */
    public <M> M averaged(M model) {
        Present.require("averaged", model);
        if (trained.average().isEmpty()) {
            throw new IllegalStateException(
                    "averaged: this optimizer keeps no averages; make it so: withAverage(Average.moving(0.999))");
        }
        Map<String, Parameter> named = Parameters.named(model);
        if (named.values().stream().noneMatch(trained.rates()::containsKey)) {
            throw new IllegalArgumentException("averaged model with the parameters " + named.keySet()
                    + ": this optimizer trains none of them; is it another copy of the model?");
        }
        M copy = Parameters.copy(model);
        Map<String, Parameter> copies = Parameters.named(copy);
        Map<Parameter, NDArray> means = new LinkedHashMap<>();
        Averages.of(trained.parameters(), state())
                .forEach((parameter, mean) -> named.forEach((name, each) -> {
                    if (each.equals(parameter)) {
                        means.put(Names.of(copies, name, "averaged"), mean);
                    }
                }));
        Parameter.setAll(means);
        return copy;
    }

    private void requireLoss(String asked, Tensor loss, Tensor... also) {
        Present.require(asked, loss, also);
        if (loss.shape().elements() != 1) {
            throw new IllegalArgumentException(asked + ": the loss " + loss.describe()
                    + " is not a single number; reduce it first with mean() or sum()");
        }
        if (!loss.dtype().isFloating()) {
            throw new IllegalArgumentException(asked + ": the loss " + loss.describe()
                    + " is no floating-point number, so it has no gradient; compute it in f64 or f32");
        }
    }

    /** The gradients of a loss, which depends on one of some parameters at least. */
    final Gradients gradients(String asked, Tensor loss, Collection<Parameter> parameters) {
        Gradients gradients = Gradients.of(loss);
        if (parameters.stream().noneMatch(gradients::reaches)) {
            throw new IllegalArgumentException(asked + ": the loss " + loss.describe()
                    + " depends on none of the parameters that this optimizer trains, "
                    + trained.parameters().keySet()
                    + "; was it computed with another model, or behind stopGradient()?");
        }
        return gradients;
    }

    private static <T extends Tensor> ImmutableMap<T, NDArray> together(Collection<T> tensors, List<NDArray> values) {
        ImmutableMap.Builder<T, NDArray> map = ImmutableMap.builder();
        int i = 0;
        for (T tensor : tensors) {
            map.put(tensor, values.get(i++));
        }
        return map.buildKeepingLast();
    }

    /** The step again, to find out what was not finite. */
    final ArithmeticException notFinite(Tensor loss) {
        NotFinite found = new NotFinite(
                StepFormulas.of(List.of(loss), change("step", loss)),
                trained.rates().keySet().asList(),
                this::nameOf,
                steps,
                "the learning rate of " + rate());
        return new ArithmeticException(found.text("step " + (steps + 1), OptionalInt.empty(), Map.of()));
    }

    private Optional<String> nameOf(Tensor tensor) {
        return names.entrySet().stream()
                .filter(each -> each.getValue().equals(tensor))
                .findFirst()
                .map(Map.Entry::getKey);
    }

    /** What it is called. */
    String kind() {
        return getClass().getSimpleName();
    }

    /** What gradients go through, what it trains, and at which rates: the same for another one that does the same. */
    public String settings() {
        String parts = update.described();
        return kind() + (parts.isEmpty() ? ": " : " (" + parts + "): ") + trainedAt();
    }

    private String trainedAt() {
        StringJoiner text = new StringJoiner(", ");
        trained.parameters()
                .forEach((name, parameter) -> text.add(name + " " + parameter.shape() + " at "
                        + trained.rates().get(parameter)));
        return text.toString();
    }

    /** What it trains, and how far it has come. */
    @Override
    public String toString() {
        return kind() + " after " + steps + (steps == 1 ? " step: " : " steps: ") + trainedAt();
    }
}
