package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.Afterwards;
import dev.clew.internal.tensor.FirstNonFinite;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepEvaluator;
import dev.clew.internal.tensor.StepFormulas;
import dev.clew.internal.tensor.StepResult;
import dev.clew.internal.tensor.StepRule;
import dev.clew.internal.tensor.StepValues;
import dev.clew.nn.Parameters;
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

/** Stochastic gradient descent: p ← p − rate·∂loss/∂p (Robbins, Monro, 1951). */
public final class Sgd {
    private final ImmutableMap<String, Parameter> parameters;
    private final ImmutableMap<Parameter, Double> rates;
    private final Growth growth = new Growth();
    private final Afterwards afterwards = new Afterwards();
    private final StepRule rule = outputs -> change("step", outputs.getFirst());
    private long steps;

    private Sgd(Map<String, Parameter> parameters, Map<Parameter, Double> rates) {
        this.parameters = ImmutableMap.copyOf(parameters);
        this.rates = ImmutableMap.copyOf(rates);
    }

    /** Trains every parameter of a model at one rate. */
    public static Sgd of(Object model, double rate) {
        Map<String, Parameter> parameters = Parameters.named(model);
        Map<Parameter, Double> rates = new LinkedHashMap<>();
        parameters.values().forEach(parameter -> rates.put(parameter, checked(rate)));
        return new Sgd(parameters, rates);
    }

    /** The same, with another rate for one parameter. */
    public Sgd withRate(Parameter parameter, double rate) {
        Present.require("rate", parameter);
        if (!rates.containsKey(parameter)) {
            throw new IllegalArgumentException("rate for " + parameter.describe()
                    + ": this optimizer does not train that parameter; it trains " + parameters.keySet());
        }
        Map<Parameter, Double> changed = new LinkedHashMap<>(rates);
        changed.put(parameter, checked(rate));
        return new Sgd(parameters, changed);
    }

    /**
     * The same, with another rate for the parameter of a name, {@code cell.wx}.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public Sgd withRate(String name, double rate) {
        Present.require("rate", name);
        return withRate(Parameters.of(parameters, name, "rate for '" + name + "'"), rate);
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
        List<Tensor> outputs = Lists.asList(loss, also);
        StepResult result = StepEvaluator.step(Evaluator.current(), outputs, rule);
        if (result.isNew()) { // What grows from step to step is.
            growth.observe(Graph.of(outputs), loss);
        } else {
            growth.observeNone(loss);
        }
        StepValues values = result.values().orElseThrow(() -> notFinite(loss));
        steps++;
        afterwards.stepped(outputs);
        return new Step(
                afterwards,
                parameters,
                values.outputs().getFirst().item(),
                together(rates.keySet(), values.reported()),
                together(outputs, values.outputs()));
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
                .withNames(parameters);
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
                .withNames(parameters);
    }

    /** p − rate·∂loss/∂p for every parameter; the gradients are reported. */
    private StepChange change(String asked, Tensor loss) {
        Gradients gradients = gradients(asked, loss);
        ImmutableList.Builder<Tensor> slopes = ImmutableList.builder();
        ImmutableMap.Builder<Parameter, Tensor> updates = ImmutableMap.builder();
        rates.forEach((parameter, rate) -> {
            Tensor slope = gradients.wrt(parameter);
            slopes.add(slope);
            updates.put(parameter, parameter.minus(slope.times(rate)));
        });
        return new StepChange(slopes.build(), updates.buildOrThrow());
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

    private Gradients gradients(String asked, Tensor loss) {
        Gradients gradients = Gradients.of(loss);
        if (rates.keySet().stream().noneMatch(gradients::reaches)) {
            throw new IllegalArgumentException(asked + ": the loss " + loss.describe()
                    + " depends on none of the parameters that this optimizer trains, " + parameters.keySet()
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
    private ArithmeticException notFinite(Tensor loss) {
        StepFormulas formulas = StepFormulas.of(List.of(loss), change("step", loss));
        List<Tensor> wanted = formulas.all();
        List<NDArray> values = Evaluator.plain().evaluate(wanted);
        String what = "a value is not finite";
        for (int i = wanted.size() - 1; i >= 0; i--) {
            what = NonFinite.allFinite(values.get(i)) ? what : named(formulas, i, values.get(i));
        }
        return new ArithmeticException("step: " + what + ", so no parameter was changed. "
                + NonFinite.first(wanted)
                        .map(first -> FirstNonFinite.text(
                                first, this::nameOf, goodSteps(), "the learning rate of " + largestRate()))
                        .orElse("A second evaluation was finite: did another thread change a parameter?"));
    }

    private String goodSteps() {
        return steps == 0 ? "" : steps + (steps == 1 ? " good step" : " good steps");
    }

    private double largestRate() {
        return rates.values().stream().mapToDouble(rate -> rate).max().orElse(0);
    }

    private String named(StepFormulas formulas, int position, NDArray value) {
        if (position == 0) {
            return "the loss is " + value.item();
        }
        return formulas.changed(position)
                .map(changed -> "the new value of " + name(changed) + " is not finite")
                .orElseGet(
                        () -> "the gradient of " + name(rates.keySet().asList().get(position - 1)) + " is not finite");
    }

    private String name(Parameter parameter) {
        return nameOf(parameter).orElseGet(parameter::describe);
    }

    private Optional<String> nameOf(Tensor tensor) {
        return parameters.entrySet().stream()
                .filter(each -> each.getValue().equals(tensor))
                .findFirst()
                .map(Map.Entry::getKey);
    }

    /** What it trains, and how. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Sgd after " + steps + (steps == 1 ? " step:" : " steps:"));
        String start = text.toString();
        parameters.forEach((name, parameter) -> text.append(text.length() == start.length() ? " " : ", ")
                .append(name)
                .append(' ')
                .append(parameter.shape())
                .append(" at ")
                .append(rates.get(parameter)));
        return text.toString();
    }

    private static double checked(double rate) {
        if (!Double.isFinite(rate) || rate < 0) {
            throw new IllegalArgumentException("learning rate " + rate + ": it must be a finite number, 0 or more");
        }
        return rate;
    }
}
