package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.nn.Parameters;
import dev.clew.nn.internal.Names;
import dev.clew.tensor.Parameter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an optimizer trains, and how, but for its own parts.
 *
 * @param parameters by name
 * @param rates the learning rate of each
 * @param before what gradients go through before they come to the optimizer's own parts
 * @param after what moves go through after them
 * @param batches of how many gradients a step takes the mean
 * @param average what is kept beside the parameters
 */
record Trained(
        ImmutableMap<String, Parameter> parameters,
        ImmutableMap<Parameter, Schedule> rates,
        ImmutableList<Transform> before,
        ImmutableList<Transform> after,
        int batches,
        Optional<Average> average) {

    static Trained of(Object model, double rate) {
        Map<String, Parameter> parameters = Parameters.named(model);
        return of(parameters, Schedule.constant(rate));
    }

    static Trained of(Object model, Schedule rate) {
        Present.require("optimizer", model, rate);
        return of(Parameters.named(model), rate);
    }

    private static Trained of(Map<String, Parameter> parameters, Schedule rate) {
        ImmutableMap.Builder<Parameter, Schedule> rates = ImmutableMap.builder();
        parameters.values().forEach(parameter -> rates.put(parameter, rate));
        return new Trained(
                ImmutableMap.copyOf(parameters),
                rates.buildOrThrow(),
                ImmutableList.of(),
                ImmutableList.of(),
                1,
                Optional.empty());
    }

    Trained withRate(Parameter parameter, Schedule rate) {
        Present.require("rate", parameter, rate);
        if (!rates.containsKey(parameter)) {
            throw new IllegalArgumentException("rate for " + parameter.describe()
                    + ": this optimizer does not train that parameter; it trains " + parameters.keySet());
        }
        return withRates(List.of(parameter), rate);
    }

    Trained withRate(String pattern, Schedule rate) {
        Present.require("rate", pattern, rate);
        Collection<Parameter> some = pattern.contains("*")
                ? Names.matching(parameters, pattern, "rate for parameters that match '" + pattern + "'")
                        .values()
                : List.of(Parameters.of(parameters, pattern, "rate for '" + pattern + "'"));
        return withRates(some, rate);
    }

    private Trained withRates(Collection<Parameter> some, Schedule rate) {
        Map<Parameter, Schedule> changed = new LinkedHashMap<>(rates);
        some.forEach(parameter -> changed.put(parameter, rate));
        return new Trained(parameters, ImmutableMap.copyOf(changed), before, after, batches, average);
    }

    Trained withFirst(Transform part) {
        Present.require("withFirst", part);
        return new Trained(parameters, rates, with(before, part), after, batches, average);
    }

    Trained withLast(Transform part) {
        Present.require("withLast", part);
        return new Trained(parameters, rates, before, with(after, part), batches, average);
    }

    private static ImmutableList<Transform> with(List<Transform> parts, Transform part) {
        return ImmutableList.<Transform>builder().addAll(parts).add(part).build();
    }

    Trained withMicroBatches(int count) {
        Settings.requireAtLeast(1, "withMicroBatches", "count", count);
        return new Trained(parameters, rates, before, after, count, average);
    }

    Trained withAverage(Average kept) {
        Present.require("withAverage", kept);
        return new Trained(parameters, rates, before, after, batches, Optional.of(kept));
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
}
