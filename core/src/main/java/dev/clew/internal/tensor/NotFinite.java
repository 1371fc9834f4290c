package dev.clew.internal.tensor;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What is said of a step that could not be made since a number is not finite, whoever made it: which step, what of it, and where what is not
 * finite began. Records know no names, so the walk goes over the formulas again, node by node, on the numbers of that step; a step that
 * succeeds pays nothing.
 *
 * @param formulas of the step
 * @param gradients the parameters whose gradients are reported
 * @param name what a parameter is called, if it has a name
 * @param good how many steps went well before
 * @param rate what may be too large
 */
public record NotFinite(
        StepFormulas formulas,
        List<Parameter> gradients,
        Function<Tensor, Optional<String>> name,
        long good,
        String rate) {
    /** Of all of these. */
    public NotFinite {
        Present.require("NotFinite", formulas, gradients, name, rate);
        gradients = ImmutableList.copyOf(gradients);
    }

    /**
     * The text of the error: {@code step 4: the loss is NaN, so no parameter was changed. The first value that is not finite: ...}.
     *
     * @param asked what was called, as the error begins
     * @param known which of {@link StepFormulas#all} is not finite, if that is known
     * @param given the numbers of inputs, and of parameters that had others than now
     */
    public String text(String asked, OptionalInt known, Map<Tensor, NDArray> given) {
        List<Tensor> all = formulas.all();
        List<NDArray> values = Evaluator.plain(given).evaluate(all);
        int failed = known.orElseGet(() -> first(values));
        String what = failed < 0 ? "a value is not finite" : what(failed, values.get(failed));
        List<Tensor> wanted = new ArrayList<>(all);
        if (failed >= 0) {
            wanted.addFirst(all.get(failed));
        }
        return asked + ": " + what + ", so no parameter was changed. "
                + NonFinite.first(wanted, given)
                        .map(found -> FirstNonFinite.text(found, name, goodSteps(), rate))
                        .orElse(
                                "Evaluated once more, node by node, it was: sums in another order may overflow, or another"
                                        + " thread has changed a parameter");
    }

    private String goodSteps() {
        return good == 0 ? "" : good + (good == 1 ? " good step" : " good steps");
    }

    private static int first(List<NDArray> values) {
        for (int i = 0; i < values.size(); i++) {
            if (!NonFinite.allFinite(values.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private String what(int position, NDArray value) {
        if (position < formulas.outputs().size()) {
            boolean isNumber = value.shape().elements() == 1 && !NonFinite.allFinite(value);
            return output(position) + " is "
                    + (isNumber ? value.get(new int[value.shape().rank()]) : "not finite");
        }
        return formulas.changed(position)
                        .map(changed -> newValue(changed, position))
                        .orElseGet(() -> "the gradient of "
                                + called(gradients.get(
                                        position - formulas.outputs().size())))
                + " is not finite";
    }

    /** The first is what is made small, if parameters change. */
    private String output(int position) {
        boolean isLoss = position == 0
                && formulas.updates().keySet().stream()
                        .anyMatch(each -> name.apply(each).isPresent());
        return isLoss
                ? "the loss"
                : "the output " + formulas.outputs().get(position).describe();
    }

    private String newValue(Parameter parameter, int position) {
        int changes = formulas.updates().size();
        int number = position - formulas.seen() + 1;
        String which = changes == 1 ? "" : ", number " + number + " of " + changes + " that change,";
        return "the new value of " + name.apply(parameter).orElseGet(() -> parameter.describe() + which);
    }

    private String called(Parameter parameter) {
        return name.apply(parameter).orElseGet(parameter::describe);
    }
}
