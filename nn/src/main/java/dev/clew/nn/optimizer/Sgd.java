package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stochastic gradient descent: p ← p − rate·∂loss/∂p (Robbins, Monro, 1951). */
public final class Sgd {
    private final ImmutableMap<String, Parameter> parameters;
    private final ImmutableMap<Parameter, Double> rates;
    private final Growth growth = new Growth();

    private Sgd(ImmutableMap<String, Parameter> parameters, Map<Parameter, Double> rates) {
        this.parameters = parameters;
        this.rates = ImmutableMap.copyOf(rates);
    }

    /** Trains every parameter of a model at one rate. */
    public static Sgd of(Object model, double rate) {
        ImmutableMap<String, Parameter> parameters = Parameters.named(model);
        Map<Parameter, Double> rates = new LinkedHashMap<>();
        parameters.values().forEach(parameter -> rates.put(parameter, checked(rate)));
        return new Sgd(parameters, rates);
    }

    /** The same, with another rate for one parameter. */
    public Sgd withRate(Parameter parameter, double rate) {
        if (!rates.containsKey(parameter)) {
            throw new IllegalArgumentException("rate for " + parameter.describe()
                    + ": this optimizer does not train that parameter; it trains " + parameters.keySet());
        }
        Map<Parameter, Double> changed = new LinkedHashMap<>(rates);
        changed.put(parameter, checked(rate));
        return new Sgd(parameters, changed);
    }

    /**
     * One step: the gradient of the loss, then the update. It applies whole or not at all: all new values are computed, found
     * finite, and put in place together.
     *
     * @param also tensors whose values are wanted too, from before the update: a state to carry on, a metric
     * @throws ArithmeticException if the loss or a new value is not finite; then no parameter has changed
     */
    public synchronized Step step(Tensor loss, Tensor... also) {
        Gradients gradients = Gradients.of(loss);
        growth.observe(gradients.graph(), loss);
        List<Tensor> wanted = new ArrayList<>();
        wanted.add(loss);
        parameters.values().forEach(parameter -> wanted.add(gradients.wrt(parameter)));
        parameters.values().forEach(parameter -> wanted.add(updated(parameter, gradients.wrt(parameter))));
        wanted.addAll(List.of(also));
        List<NDArray> values = Evaluator.current().evaluate(wanted);
        int count = parameters.size();
        requireFinite(wanted.subList(0, 1 + 2 * count), values);
        Map<Parameter, NDArray> slopes = new LinkedHashMap<>();
        Map<Parameter, NDArray> changed = new LinkedHashMap<>();
        int next = 1;
        for (Parameter parameter : parameters.values()) {
            slopes.put(parameter, values.get(next));
            changed.put(parameter, values.get(next + count));
            next++;
        }
        Map<Tensor, NDArray> asked = new LinkedHashMap<>();
        for (int i = 0; i < also.length; i++) {
            asked.put(also[i], values.get(1 + 2 * count + i));
        }
        Parameter.setAll(changed);
        return new Step(values.getFirst().item(), ImmutableMap.copyOf(slopes), ImmutableMap.copyOf(asked));
    }

    private Tensor updated(Parameter parameter, Tensor gradient) {
        Double rate = rates.get(parameter);
        return parameter.minus(gradient.times(rate == null ? 0 : rate));
    }

    private void requireFinite(List<Tensor> wanted, List<NDArray> values) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!NonFinite.allFinite(values.get(i))) {
                throw new ArithmeticException("step: " + named(i, values.get(i)) + ", so no parameter was changed. "
                        + NonFinite.first(wanted)
                                .map(first -> "The first value that is not finite: " + first)
                                .orElse("A second evaluation was finite: did another thread change a parameter?"));
            }
        }
    }

    private String named(int position, NDArray value) {
        if (position == 0) {
            return "the loss is " + value.item();
        }
        List<String> names = parameters.keySet().asList();
        String name = names.get((position - 1) % names.size());
        return position <= names.size()
                ? "the gradient of " + name + " is not finite"
                : "the new value of " + name + " is not finite";
    }

    private static double checked(double rate) {
        if (!Double.isFinite(rate)) {
            throw new IllegalArgumentException("learning rate " + rate + ": it must be a finite number");
        }
        return rate;
    }
}
