package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an optimizer trains.
 *
 * @param parameters by name
 * @param rates the learning rate of each
 * @param before what gradients go through before they come to the optimizer's own parts
 */
record Trained(
        ImmutableMap<String, Parameter> parameters,
        ImmutableMap<Parameter, Double> rates,
        ImmutableList<Transform> before) {

    static Trained of(Object model, double rate) {
        Map<String, Parameter> parameters = Parameters.named(model);
        ImmutableMap.Builder<Parameter, Double> rates = ImmutableMap.builder();
        parameters.values().forEach(parameter -> rates.put(parameter, checked(rate)));
        return new Trained(ImmutableMap.copyOf(parameters), rates.buildOrThrow(), ImmutableList.of());
    }

    Trained withRate(Parameter parameter, double rate) {
        Present.require("rate", parameter);
        if (!rates.containsKey(parameter)) {
            throw new IllegalArgumentException("rate for " + parameter.describe()
                    + ": this optimizer does not train that parameter; it trains " + parameters.keySet());
        }
        Map<Parameter, Double> changed = new LinkedHashMap<>(rates);
        changed.put(parameter, checked(rate));
        return new Trained(parameters, ImmutableMap.copyOf(changed), before);
    }

    Trained withRate(String name, double rate) {
        Present.require("rate", name);
        return withRate(Parameters.of(parameters, name, "rate for '" + name + "'"), rate);
    }

    Trained withFirst(Transform part) {
        Present.require("optimizer", part);
        List<Transform> more =
                ImmutableList.<Transform>builder().addAll(before).add(part).build();
        return new Trained(parameters, rates, ImmutableList.copyOf(more));
    }

    double rate(Parameter parameter) {
        return Objects.requireNonNull(rates.get(parameter));
    }

    double largestRate() {
        return rates.values().stream().mapToDouble(rate -> rate).max().orElse(0);
    }

    String name(Parameter parameter) {
        return name(parameters, parameter);
    }

    /**
     * The name of one of some parameters.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    static String name(Map<String, Parameter> parameters, Parameter parameter) {
        return parameters.entrySet().stream()
                .filter(each -> each.getValue().equals(parameter))
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalArgumentException("optimizer: " + parameter.describe()
                        + " is none of the parameters that it trains, " + parameters.keySet()));
    }

    private static double checked(double rate) {
        if (!Double.isFinite(rate) || rate < 0) {
            throw new IllegalArgumentException("learning rate " + rate + ": it must be a finite number, 0 or more");
        }
        return rate;
    }
}
