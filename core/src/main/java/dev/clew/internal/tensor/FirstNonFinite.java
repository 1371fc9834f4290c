package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Graph;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What errors say of the first number that is not finite: where it began, whose it is, and what may be the matter. */
public final class FirstNonFinite {
    private FirstNonFinite() {}

    /**
     * Throws if a value that was asked for has a NaN: names the node that made it from numbers, and if these were infinite,
     * the one that the infinity came from. An infinity alone may be meant, as in masks. A source is not asked.
     *
     * @param given the numbers of inputs, and of parameters that had others than now
     * @throws ArithmeticException with the node, its shapes, its inputs and the line of the program that made it
     */
    public static void requireNumbers(List<Tensor> outputs, List<NDArray> values, Map<Tensor, NDArray> given) {
        Present.require("requireNumbers", outputs, values, given);
        for (int i = 0; i < values.size(); i++) {
            Tensor output = outputs.get(i);
            if (!(output.op() instanceof Source) && Trail.first(values.get(i), Double::isNaN) >= 0) {
                Trail.of(List.of(output), given).behind(output).ifPresent(nan -> {
                    throw new ArithmeticException("a NaN in " + output.describe() + ". It begins here: " + nan);
                });
            }
        }
    }

    /**
     * The first number that is not finite, for an error: {@code "The first value that is not finite: ..."}.
     *
     * @param name what a parameter is called, if it has a name
     * @param good how many steps or runs went well before, in words: {@code "3 good steps"}; empty if none did
     * @param rate what may be too large
     */
    public static String text(NonFinite found, Function<Tensor, Optional<String>> name, String good, String rate) {
        return "The first value that is not finite: " + found
                + name.apply(found.before().orElse(found).node())
                        .map(named -> "; it is " + named)
                        .orElse("")
                + wayToItsLine(found)
                + remedy(found, good, rate);
    }

    private static String remedy(NonFinite found, String good, String rate) {
        if (found.isGiven()) {
            return "";
        }
        Tensor node = found.before().orElse(found).node();
        if (Graph.of(List.of(node)).nodes().stream().noneMatch(Parameter.class::isInstance)) {
            return "; no parameter has a part in it: look at the data and at constants";
        }
        return good.isEmpty() ? "" : "; after " + good + ", is " + rate + " too large?";
    }

    /** Which way there is to learn the line that made it; nothing if the line is known, or nothing made it. */
    private static String wayToItsLine(NonFinite found) {
        return found.node().site().isPresent() || found.isGiven()
                ? ""
                : "; for the line that made it, build it within Tracing.run(...) or start with -Dclew.tracing=true";
    }
}
