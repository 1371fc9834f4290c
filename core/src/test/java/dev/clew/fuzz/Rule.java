package dev.clew.fuzz;

import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the fuzzer knows of one method of tensors: how to draw what it is applied to, how to call it, and what it means, in
 * plain loops over arrays that share no code with it.
 *
 * @param text how a call is written: $0, $1 are the operands, $* all of them, $i the integers, $n the number; $b is the first
 *     integer as a truth value and $r the others
 * @param choice draws operands and attributes from what a sketch has so far
 * @param build calls the method
 * @param meaning computes the value
 */
record Rule(String text, Choice choice, Build build, Meaning meaning) {
    private static final Pattern METHOD = Pattern.compile("\\.(\\w+)\\(");

    /** Adds a line to a sketch, or none (-1) if nothing there fits. */
    @FunctionalInterface
    interface Choice {
        int draw(Drawing drawing, Rule self);
    }

    /** Makes the tensor. */
    @FunctionalInterface
    interface Build {
        Tensor of(List<Tensor> in, Line line);
    }

    /** Makes the numbers. */
    @FunctionalInterface
    interface Meaning {
        Numbers of(List<Numbers> in, Line line);
    }

    /** The name of the method. */
    String method() {
        Matcher matcher = METHOD.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException(text + " calls no method");
        }
        return matcher.group(1);
    }
}
