package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Mistakes at a function of one number: its derivative is missing, taken at the wrong number, or that of another function. */
final class ActivationSlopes {
    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    /**
     * A function by its slope, as a helper may be written: of the number that it is applied to, or of its result.
     */
    private record Shape(Unary function, String symbol, UnaryOperator<Tensor> ofResult, String written) {
        Tensor ofInput(Tensor x) {
            Tensor y = function.on(x);
            return function.vjp(y, 0, Tensor.ones(x.dtype(), x.shape().lengths()));
        }
    }

    private static final List<Shape> SHAPES = List.of(
            new Shape(Unary.TANH, "tanh", y -> one(y).minus(y.square()), "1 − %²"),
            new Shape(Unary.SIGMOID, "σ", y -> y.times(one(y).minus(y)), "% ⊙ (1 − %)"),
            new Shape(Unary.RELU, "relu", y -> y.greaterThan(0).cast(y.dtype()), "1[% > 0]"));

    private static Tensor one(Tensor like) {
        return Tensor.ones(like.dtype(), like.shape().lengths());
    }

    private ActivationSlopes(Uses line) {
        this.line = line;
    }

    static List<Mutation> of(Uses line) {
        ActivationSlopes activations = new ActivationSlopes(line);
        for (UseRole role : line.right().useRoles()) {
            Tensor user = line.node(Uses.middle(role).user());
            if (user.op() instanceof Unary function && Notation.isActivation(user)) {
                activations.slopes(role, function);
            }
            activations.bypassed(role, user);
            activations.clipped(role);
        }
        return activations.found;
    }

    /** What comes in goes out, without the factor. */
    private void bypassed(UseRole role, Tensor user) {
        Tensor input = line.node(Uses.middle(role).input());
        boolean isFactor = user.op() instanceof Elementwise
                && !(user.op() instanceof Elementwise.AddN)
                && user.shape().equals(input.shape())
                && user.dtype() == input.dtype();
        if (isFactor && !user.op().label().equals("plus")) {
            boolean isFunction = user.op() instanceof Unary && user.op() != Unary.NEGATE;
            String name = missing(user) + " is missing in " + line.cotangent(role);
            add(
                    isFunction ? Family.ACTIVATION : Family.GATE,
                    3,
                    role,
                    isFunction ? name : name + ": its term is " + line.term(role),
                    (use, sweep) -> sweep.total(use.user()));
        }
    }

    private String missing(Tensor user) {
        if (user.op() == Binary.MINUS || user.op() == Unary.NEGATE) {
            return "the sign";
        }
        if (user.op() instanceof Unary) {
            return "the derivative of " + symbol(user);
        }
        boolean isNumber = user.inputCount() == 2 && Notation.isLiteral(user.input(1));
        return !isNumber
                ? "a factor"
                : "the factor " + (user.op() == Binary.DIV ? "1/" : "") + line.value(user.input(1), Times.NONE);
    }

    /** A clip is one limit or two: all of it is taken for the identity. */
    private void clipped(UseRole role) {
        Use middle = Uses.middle(role);
        boolean isFirst = isLimit(middle) && !isLimit(line.node(middle.input()));
        if (isFirst) {
            String of = line.cotangent(role);
            add(Family.ACTIVATION, 2, role, "the derivative of the clip is missing in " + of, (use, sweep) -> {
                Use last = use;
                while (line.right().usesOf(last.user()).size() == 1
                        && isLimit(line.right().usesOf(last.user()).getFirst())) {
                    last = line.right().usesOf(last.user()).getFirst();
                }
                return sweep.total(last.user());
            });
        }
    }

    private boolean isLimit(Use use) {
        return isLimit(line.node(use.user()))
                && line.node(use.user()).shape().equals(line.node(use.input()).shape());
    }

    /** A choice between a value and a number by what the value is, or the larger or smaller of both. */
    private boolean isLimit(Tensor node) {
        boolean isOfTwo = node.op() == Binary.MAXIMUM || node.op() == Binary.MINIMUM;
        boolean isChoice = node.op() instanceof Elementwise.Where
                && node.input(0).inputs().stream()
                        .anyMatch(each ->
                                line.right().isNeeded(line.right().graph().position(each)));
        return (isOfTwo || isChoice) && node.inputs().stream().anyMatch(Notation::isLiteral);
    }

    private static String symbol(Tensor user) {
        return user.op() == Unary.SIGMOID ? "σ" : user.op().label();
    }

    private interface Instead {
        @org.jspecify.annotations.Nullable
        Tensor of(Use use, MutatedSweep sweep);
    }

    private void add(Family family, int rank, UseRole role, String name, Instead instead) {
        String should = line.term(role);
        found.add(new Mutation(
                family,
                rank,
                () -> name,
                () -> "The term of " + line.cotangent(role) + " is " + should + ".",
                Set.of(role),
                (use, now, sweep) -> instead.of(use, sweep)));
    }

    private void factor(int rank, UseRole role, String name, BinaryOperator<Tensor> ofInputAndResult) {
        add(Family.ACTIVATION, rank, role, name, (use, sweep) -> {
            Tensor yBar = sweep.total(use.user());
            Tensor y = line.node(use.user());
            return yBar == null ? null : yBar.times(ofInputAndResult.apply(y.input(0), y));
        });
    }

    private void slopes(UseRole role, Unary function) {
        Use middle = Uses.middle(role);
        Tensor y = line.node(middle.user());
        String in = line.value(y.input(0), middle.time());
        String out = line.value(y, middle.time());
        String f = symbol(y);
        factor(
                4,
                role,
                f + "′(" + out + ") stands where " + f + "′(" + in
                        + ") belongs: the derivative is taken at the activation, and wants the pre-activation",
                (x, result) -> slope(function, result));
        functionForSlope(role, function, in, out);
        for (Shape other : SHAPES) {
            ofShape(role, function, other, in, out);
        }
        partsOfSlope(role, function, out);
    }

    /** Something else stands where the slope belongs. */
    private void functionForSlope(UseRole role, Unary function, String in, String out) {
        String f = symbol(line.node(Uses.middle(role).user()));
        factor(
                5,
                role,
                "the function stands where its derivative belongs: " + out + " for " + f + "′(" + in + ")",
                (x, result) -> result);
        factor(
                6,
                role,
                "the function again where its derivative belongs: " + f + "(" + out + ") for " + f + "′(" + in + ")",
                (x, result) -> function.on(result));
        factor(7, role, "the pre-activation stands where the derivative of " + f + " belongs", (x, result) -> x);
        factor(9, role, f + "′ is squared", (x, result) -> slope(function, x).square());
        factor(9, role, f + "′ is taken of " + f + "′", (x, result) -> slope(function, slope(function, x)));
    }

    /** A slope by the result, of which a part is missing or wrong. */
    private void partsOfSlope(UseRole role, Unary function, String out) {
        if (function == Unary.TANH) {
            factor(
                    8,
                    role,
                    "the square is missing: 1 − " + out + " for 1 − " + out + "²",
                    (x, result) -> one(result).minus(result));
            factor(
                    8,
                    role,
                    "the sign: 1 + " + out + "² for 1 − " + out + "²",
                    (x, result) -> one(result).plus(result.square()));
            factor(8, role, out + "² for 1 − " + out + "²", (x, result) -> result.square());
        }
        if (function == Unary.SIGMOID) {
            factor(
                    8,
                    role,
                    "the factor " + out + " of the derivative is missing",
                    (x, result) -> one(result).minus(result));
            factor(
                    8,
                    role,
                    "the sign: " + out + " ⊙ (1 + " + out + ")",
                    (x, result) -> result.times(one(result).plus(result)));
        }
    }

    private void ofShape(UseRole role, Unary function, Shape other, String in, String out) {
        boolean isOwn = other.function() == function;
        String what = isOwn
                ? "the derivative by the result is taken at the pre-activation: "
                : "the derivative of " + other.symbol() + " in place of that of "
                        + (function == Unary.SIGMOID ? "σ" : function.label()) + ": ";
        if (!isOwn) {
            factor(
                    5,
                    role,
                    what + other.written().replace("%", out),
                    (x, y) -> other.ofResult().apply(y));
            factor(6, role, what + other.symbol() + "′(" + in + ")", (x, y) -> other.ofInput(x));
            factor(8, role, what + other.symbol() + "′(" + out + ")", (x, y) -> other.ofInput(y));
        }
        factor(
                isOwn ? 4 : 8,
                role,
                what + other.written().replace("%", in),
                (x, y) -> other.ofResult().apply(x));
    }

    private static Tensor slope(Unary function, Tensor at) {
        Tensor y = function.on(at);
        return function.vjp(y, 0, one(at));
    }
}
