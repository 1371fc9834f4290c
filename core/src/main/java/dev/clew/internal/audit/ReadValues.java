package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Mistakes in what a term reads: the value of another step, another value, none, a matrix that is not transposed. */
final class ReadValues {
    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    private ReadValues(Uses line) {
        this.line = line;
    }

    static List<Mutation> of(Uses line) {
        ReadValues reads = new ReadValues(line);
        for (UseRole role : line.right().useRoles()) {
            int count = line.reads(Uses.middle(role)).size();
            for (int which = 0; which < count; which++) {
                reads.otherSteps(role, which);
                reads.otherValues(role, which);
                reads.functions(role, which);
                reads.parts(role, which);
                reads.epsilon(role, which);
            }
            reads.flipped(role);
        }
        return reads.found;
    }

    /** What is read instead: from the use, and from what should be read; null where nothing can be read. */
    private interface Other extends BiFunction<Use, Tensor, @Nullable Tensor> {}

    private void add(Family family, int rank, UseRole role, int which, String name, Other other) {
        Use middle = Uses.middle(role);
        String should = line.value(line.reads(middle).get(which), middle.time());
        found.add(new Mutation(
                family,
                rank,
                () -> name.replace("%", should),
                () -> "Read " + should + " in " + line.cotangent(role) + ".",
                Set.of(role),
                (use, now, sweep) -> {
                    List<Tensor> reads = line.reads(use);
                    if (now == null || which >= reads.size()) {
                        return now;
                    }
                    Tensor read = reads.get(which);
                    Tensor instead = other.apply(use, read);
                    if (instead == null || instead == read) {
                        return instead == null ? null : now;
                    }
                    boolean fits = instead.shape().equals(read.shape()) && instead.dtype() == read.dtype();
                    return fits
                            ? sweep.rewritten(use, now, end -> end == read ? instead : end, (node, inputs) -> null)
                            : now;
                }));
    }

    private void otherSteps(UseRole role, int which) {
        Use middle = Uses.middle(role);
        Tensor read = line.reads(middle).get(which);
        int position = line.right().graph().position(read);
        if (role.uses().size() < 2 || line.right().times().of(position) == Times.NONE) {
            return;
        }
        int of = line.right().roles().role(position);
        int offset = line.right().times().of(position) - middle.time();
        shifted(role, which, of, offset, 1);
        shifted(role, which, of, offset, -1);
        always(role, which, of);
        atFirst(role, which, line.at(of, line.steps() - 1));
    }

    /** That of one step, the first, the last or the one before the first, at every step. */
    private void always(UseRole role, int which, int of) {
        Tensor first = line.at(of, 0);
        Tensor last = line.at(of, line.steps() - 1);
        Tensor initial = line.at(of, -1);
        add(
                Family.GATE,
                9,
                role,
                which,
                "that of the first step stands for every step where % belongs",
                (use, now) -> first == null ? now : first);
        add(
                Family.GATE,
                11,
                role,
                which,
                "that of the last step stands for every step where % belongs",
                (use, now) -> last == null ? now : last);
        if (initial != null) {
            add(Family.TIME, 13, role, which, "the initial state stands where % belongs", (use, now) -> initial);
        }
    }

    private void shifted(UseRole role, int which, int of, int offset, int by) {
        Use middle = Uses.middle(role);
        Tensor read = line.reads(middle).get(which);
        Tensor other = line.at(of, middle.time() + offset + by);
        if (other == null) {
            return;
        }
        String name = line.value(other, middle.time()) + " stands where % belongs";
        boolean isBack = by < 0;
        int far = line.notation().isNamed(line.right().graph().position(read)) ? 0 : 9;
        Other shifted = (use, now) -> line.at(of, use.time() + offset + by);
        Use edge = isBack ? role.uses().getFirst() : role.uses().getLast();
        boolean isWhole = line.at(of, edge.time() + offset + by) != null;
        add(
                Family.TIME,
                (isWhole ? 5 : 9) + far,
                role,
                which,
                name + (isBack ? ", and the first step is left out" : ""),
                shifted);
        Tensor around = line.at(of, isBack ? line.steps() - 1 : 0);
        String kept = isBack ? ", at the first step too" : ", but at the last step";
        beyond(role, which, 7 + far, name + kept, shifted, (use, now) -> now);
        beyond(role, which, 7 + far, name + "; the index wraps round", shifted, (use, now) -> around);
        if (read.inputCount() >= 0) {
            beyond(role, which, 7 + far, name + ", with 0 beyond the end", shifted, (use, now) -> zeros(now));
        }
    }

    /** That of another step, and something else at the end, where there is none. */
    private void beyond(UseRole role, int which, int rank, String name, Other shifted, Other end) {
        add(Family.TIME, rank, role, which, name, (use, now) -> or(shifted.apply(use, now), end.apply(use, now)));
    }

    private void atFirst(UseRole role, int which, @Nullable Tensor last) {
        int first = role.firstTime();
        if (last != null) {
            add(
                    Family.TIME,
                    4,
                    role,
                    which,
                    "index −1 wraps: at the first step the last of all stands where % belongs",
                    (use, now) -> use.time() == first ? last : now);
        }
        add(
                Family.TIME,
                9,
                role,
                which,
                "at the first step 0 stands where % belongs",
                (use, now) -> use.time() == first ? zeros(now) : now);
    }

    private static @Nullable Tensor or(@Nullable Tensor one, @Nullable Tensor other) {
        return one != null ? one : other;
    }

    private static Tensor zeros(Tensor like) {
        return Tensor.zeros(like.dtype(), like.shape().lengths());
    }

    /** Any other value of the forward pass of the same shape, of this step or the one before, and any such parameter. */
    private void otherValues(UseRole role, int which) {
        Use middle = Uses.middle(role);
        Tensor read = line.reads(middle).get(which);
        int own = line.right().roles().role(line.right().graph().position(read));
        for (int of : line.worthReading()) {
            int[] members = line.right().roles().members(of);
            Tensor like = line.node(members[0]);
            if (of == own || !like.shape().equals(read.shape()) || like.dtype() != read.dtype()) {
                continue;
            }
            int role2 = of;
            boolean isTimeless = line.right().times().of(members[0]) == Times.NONE && members.length == 1;
            Family family = isTimeless ? Family.ORDER : Family.GATE;
            for (int by = 0; by >= -1; by--) {
                int shift = by;
                Tensor there = isTimeless ? like : line.at(of, middle.time() + by);
                boolean isWorthIt = there != null && (by == 0 || (!isTimeless && line.isState(role2)));
                if (isWorthIt && there != null) {
                    String name = line.value(there, middle.time()) + " stands where % belongs";
                    add(
                            family,
                            15 - by,
                            role,
                            which,
                            name,
                            (use, now) -> isTimeless ? like : or(line.at(role2, use.time() + shift), now));
                }
            }
        }
    }

    private void functions(UseRole role, int which) {
        Tensor read = line.reads(Uses.middle(role)).get(which);
        if (!read.dtype().isFloating()) {
            return;
        }
        boolean isMask = isMask(read);
        add(
                Family.GATE,
                9,
                role,
                which,
                isMask ? "% is ignored: 1 stands in its place" : "% is missing",
                (use, now) -> ones(now));
        if (isMask) {
            add(
                    Family.GATE,
                    12,
                    role,
                    which,
                    "1 − % stands where % belongs",
                    (use, now) -> ones(now).minus(now));
            add(Family.SCALE, 16, role, which, "% is squared", (use, now) -> now.square());
            add(Family.SCALE, 18, role, which, "−% stands where % belongs", (use, now) -> now.negate());
            appliedAgain(role, which);
        }
    }

    /** Whether a value is one of several alike, or belongs to a step. */
    private boolean isMask(Tensor read) {
        int position = line.right().graph().position(read);
        int of = line.right().roles().role(position);
        return line.right().roles().members(of).length > 1
                || line.right().times().of(position) != Times.NONE;
    }

    private void appliedAgain(UseRole role, int which) {
        for (Unary function : List.of(Unary.TANH, Unary.SIGMOID)) {
            add(
                    Family.ACTIVATION,
                    14,
                    role,
                    which,
                    function.label() + "(%) stands where % belongs: the function is applied again",
                    (use, now) -> function.on(now));
        }
    }

    /** Of several values that are joined, one that counts at some steps only, or not at all. */
    private void parts(UseRole role, int which) {
        Use middle = Uses.middle(role);
        Tensor read = line.reads(middle).get(which);
        if (!(read.op() instanceof Movement.Concat concat) || role.uses().size() < 2) {
            return;
        }
        for (int k = 0; k < read.inputCount(); k++) {
            part(role, which, concat, k, line.value(read.input(k), middle.time()));
        }
    }

    private void part(UseRole role, int which, Movement.Concat concat, int part, String what) {
        int last = role.lastTime();
        int first = role.firstTime();
        String of = line.cotangent(role);
        add(
                Family.ACCUMULATION,
                6,
                role,
                which,
                "only the last step counts of " + what + " in " + of,
                (use, now) -> use.time() == last ? now : without(now, concat, part));
        add(
                Family.ACCUMULATION,
                6,
                role,
                which,
                "only the first step counts of " + what + " in " + of,
                (use, now) -> use.time() == first ? now : without(now, concat, part));
        add(
                Family.ACCUMULATION,
                7,
                role,
                which,
                "left out of " + of + ": what belongs to " + what,
                (use, now) -> without(now, concat, part));
    }

    private static Tensor without(Tensor joined, Movement.Concat concat, int part) {
        List<Tensor> inputs = new ArrayList<>(joined.inputs());
        inputs.set(part, zeros(inputs.get(part)));
        return Terms.on(concat, inputs);
    }

    /** A small number that is added to what is divided by, or of which a logarithm is taken. */
    private void epsilon(UseRole role, int which) {
        Tensor read = line.reads(Uses.middle(role)).get(which);
        int slot = epsilonOf(read);
        if (slot >= 0) {
            add(
                    Family.LOSS,
                    3,
                    role,
                    which,
                    "the epsilon is ignored: "
                            + line.value(read.input(1 - slot), Uses.middle(role).time()) + " stands where % belongs",
                    (use, now) -> now.input(1 - slot));
        }
    }

    /** Which input of a sum is a small positive constant; -1 if none is. */
    private static int epsilonOf(Tensor sum) {
        for (int slot = 0; slot < 2 && sum.op().label().equals("plus"); slot++) {
            Tensor constant = sum.input(slot).op() instanceof Movement.Broadcast
                    ? sum.input(slot).input(0)
                    : sum.input(slot);
            boolean isSmall = constant.op() instanceof Source.Constant
                    && constant.shape().rank() == 0
                    && constant.item() > 0
                    && constant.item() < 1e-2;
            if (isSmall) {
                return slot;
            }
        }
        return -1;
    }

    private static Tensor ones(Tensor like) {
        return Tensor.ones(like.dtype(), like.shape().lengths());
    }

    /** A square matrix that is transposed, and should not be, or the other way round. */
    private void flipped(UseRole role) {
        Use middle = Uses.middle(role);
        Tensor term = line.right().term(middle);
        if (term == null) {
            return;
        }
        for (int side = 0; side < 2; side++) {
            int operand = side;
            boolean isThere = line.nodes(middle).stream().anyMatch(node -> isSquare(node, operand));
            if (isThere) {
                flip(role, operand);
            }
        }
    }

    private boolean isSquare(Tensor node, int operand) {
        if (!(node.op() instanceof Contraction.MatMul)) {
            return false;
        }
        Tensor matrix = node.input(operand);
        return line.right().isForward(matrix)
                && matrix.shape().rank() >= 2
                && matrix.shape().length(-1) == matrix.shape().length(-2);
    }

    private void flip(UseRole role, int operand) {
        Tensor product = line.nodes(Uses.middle(role)).stream()
                .filter(node -> isSquare(node, operand))
                .findFirst()
                .orElseThrow();
        Contraction.MatMul op = (Contraction.MatMul) product.op();
        boolean isTransposed = operand == 0 ? op.transposeA() : op.transposeB();
        String matrix = line.value(product.input(operand), Uses.middle(role).time());
        String name = isTransposed
                ? "missing transpose: " + matrix + " stands where " + matrix + "ᵀ belongs"
                : "a transpose too much: " + matrix + "ᵀ stands where " + matrix + " belongs";
        found.add(new Mutation(
                Family.ORDER,
                1,
                () -> name,
                () -> "Write " + line.term(role) + " in " + line.cotangent(role) + ".",
                Set.of(role),
                (use, now, sweep) -> now == null
                        ? null
                        : sweep.rewritten(
                                use,
                                now,
                                end -> end,
                                (node, inputs) -> isSquare(node, operand)
                                        ? Terms.on(turned((Contraction.MatMul) node.op(), operand), inputs)
                                        : null)));
    }

    private static Contraction.MatMul turned(Contraction.MatMul op, int operand) {
        return operand == 0
                ? new Contraction.MatMul(!op.transposeA(), op.transposeB())
                : new Contraction.MatMul(op.transposeA(), !op.transposeB());
    }
}
