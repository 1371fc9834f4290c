package dev.clew.plan;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.internal.tensor.FirstNonFinite;
import dev.clew.internal.tensor.NotFinite;
import dev.clew.internal.tensor.StepFormulas;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What is said of a run of a plan that failed. Records know no names, so the walk goes over the graph again, node by node, on the
 * numbers of that run; a run that succeeds pays nothing.
 *
 * @param names what the parameters that change are called
 * @param compiled the line that compiled the plan: what nodes were made at is known only of those that were traced, since looking for
 *     the line takes a hundred times as long as making the node
 */
record Postmortem(StepFormulas formulas, Map<Parameter, String> names, Site compiled) {

    /** The same where parameters have names. */
    Postmortem with(Map<String, Parameter> named) {
        ImmutableMap.Builder<Parameter, String> all = ImmutableMap.builder();
        named.forEach((name, parameter) -> all.put(parameter, name));
        return new Postmortem(formulas, all.buildKeepingLast(), compiled);
    }

    /** An error of a record, as the walk has it. */
    RuntimeException error(RuntimeException error, Map<Tensor, NDArray> given) {
        try {
            Evaluator.plain(given).evaluate(formulas.all());
        } catch (RuntimeException walked) {
            String message = walked.getMessage() + "; in a run of the plan that " + madeAt();
            return switch (walked) {
                case IllegalArgumentException argument -> new IllegalArgumentException(message, argument);
                case IllegalStateException state -> new IllegalStateException(message, state);
                default -> {
                    walked.addSuppressed(new IllegalStateException("in a run of the plan that " + madeAt()));
                    yield walked;
                }
            };
        }
        return error;
    }

    /**
     * That a parameter cannot change.
     *
     * @param failed the position among all formulas of what is not finite
     * @param good how many runs went well before
     */
    ArithmeticException notFinite(int failed, Map<Tensor, NDArray> given, long good) {
        String message = new NotFinite(
                        formulas, List.of(), each -> Optional.ofNullable(names.get(each)), good, "a learning rate")
                .text("run " + (good + 1) + " of a plan", OptionalInt.of(failed), given);
        return new ArithmeticException(message + (message.endsWith("?") ? " " : ". ") + "The plan " + madeAt());
    }

    /** Where {@link Tracing} is on, a NaN in an output is an error. */
    void requireNumbers(List<NDArray> values, Map<Tensor, NDArray> given) {
        try {
            FirstNonFinite.requireNumbers(formulas.outputs(), values, given);
        } catch (ArithmeticException error) {
            throw new ArithmeticException("run of a plan: " + error.getMessage() + ". The plan " + madeAt());
        }
    }

    private String madeAt() {
        return "was compiled at " + compiled.line();
    }

    /** The parameters that change, by their names. */
    String changes() {
        if (formulas.updates().isEmpty()) {
            return "";
        }
        return formulas.updates().keySet().stream()
                .map(parameter -> Objects.requireNonNullElseGet(names.get(parameter), parameter::describe))
                .collect(Collectors.joining(", ", "; changes ", ""));
    }
}
