package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
            for (Read read : Read.of(line, role)) {
                reads.otherSteps(read);
                reads.otherValues(read);
                reads.functions(read);
                reads.parts(read);
                reads.epsilon(read);
                reads.operands(read);
                reads.gated(read);
            }
            reads.flipped(role);
            reads.gatedCotangent(role);
        }
        return reads.found;
    }

    private void add(Family family, int rank, Read read, String name, Read.Other other) {
        found.add(read.instead(family, rank, name, other));
    }

    private void otherSteps(Read read) {
        UseRole role = read.role();
        int time = line.right().times().of(read.position());
        if (role.uses().size() < 2 || time == Times.NONE) {
            return;
        }
        int offset = time - read.now();
        if (!isAtEveryStep(read, offset)) {
            String name = line.notation().name(read.position());
            add(
                    Family.TIME,
                    8,
                    read,
                    (name == null ? "%" : name) + " is read in the order of the loop, not of time",
                    (use, now) -> line.at(read.valueRole(), use.time()));
            return;
        }
        boolean isWhole = line.at(read.valueRole(), role.lastTime() + offset + 1) != null;
        boolean isNamed = line.notation().isNamed(read.position());
        OtherSteps steps = new OtherSteps(line, read.valueRole(), read.text(), role.firstTime() + offset);
        for (OtherSteps.Mistake each : steps.mistakes(read.now(), time, isNamed, isWhole)) {
            add(
                    OtherSteps.family(each),
                    each.rank(),
                    read,
                    each.name(),
                    (use, now) -> each.other().apply(use.time() + offset, now));
        }
    }

    /** Whether what is read is as far from the step of its use at every step; a loop that goes the other way reads the input of the other end. */
    private boolean isAtEveryStep(Read read, int offset) {
        return read.role().uses().stream().allMatch(use -> {
            Tensor value = read.at(use);
            int node = value == null ? -1 : line.right().graph().position(value);
            int time = node < 0 ? Times.NONE : line.right().times().of(node);
            return time == Times.NONE || time - use.time() == offset;
        });
    }

    /** Any other value of the forward pass of the same shape, of this step or the one before, and any such parameter. */
    private void otherValues(Read read) {
        Tensor value = read.value();
        int own = line.right().roles().role(line.right().graph().position(value));
        for (int of : line.worthReading()) {
            int[] members = line.right().roles().members(of);
            Tensor like = line.node(members[0]);
            if (of == own || !like.shape().equals(value.shape()) || like.dtype() != value.dtype()) {
                continue;
            }
            int role2 = of;
            boolean isTimeless = line.right().times().of(members[0]) == Times.NONE && members.length == 1;
            Family family = isTimeless ? Family.ORDER : Family.GATE;
            for (int by = 0; by >= -1; by--) {
                int shift = by;
                Tensor there = isTimeless ? like : line.at(of, read.now() + by);
                boolean isWorthIt = there != null && (by == 0 || (!isTimeless && line.isState(role2)));
                if (isWorthIt && there != null) {
                    String name = line.value(there, read.now()) + " stands where % belongs";
                    add(
                            family,
                            15 - by,
                            read,
                            name,
                            (use, now) -> isTimeless ? like : orElse(line.at(role2, use.time() + shift), now));
                }
            }
        }
    }

    private void functions(Read read) {
        Tensor value = read.value();
        if (!value.dtype().isFloating()) {
            return;
        }
        boolean isMask = isMask(value);
        add(
                Family.GATE,
                9,
                read,
                isMask && isData(value) ? "% is ignored: 1 stands in its place" : "% is missing: 1 stands in its place",
                (use, now) -> OtherSteps.ones(now));
        if (isMask) {
            add(
                    Family.GATE,
                    12,
                    read,
                    "1 − # stands where % belongs",
                    (use, now) -> OtherSteps.ones(now).minus(now));
            add(Family.SCALE, 16, read, "# is squared", (use, now) -> now.square());
            add(Family.SCALE, 18, read, "−# stands where % belongs", (use, now) -> now.negate());
            appliedAgain(read);
        }
    }

    /** Whether a value is one of several alike, or belongs to a step. */
    private boolean isMask(Tensor read) {
        if (Notation.isLiteral(read)) {
            return false;
        }
        int position = line.right().graph().position(read);
        int of = line.right().roles().role(position);
        return line.right().roles().members(of).length > 1
                || line.right().times().of(position) != Times.NONE;
    }

    private boolean isData(Tensor read) {
        return !line.right().isNeeded(line.right().graph().position(read));
    }

    private void appliedAgain(Read read) {
        for (Unary function : List.of(Unary.TANH, Unary.SIGMOID)) {
            add(
                    Family.ACTIVATION,
                    14,
                    read,
                    function.label() + "(%) stands where % belongs: the function is applied again",
                    (use, now) -> function.on(now));
        }
    }

    /** Of several values that are joined, one that counts at some steps only, or not at all. */
    private void parts(Read read) {
        Tensor value = read.value();
        if (!(value.op() instanceof Movement.Concat concat)
                || read.role().uses().size() < 2) {
            return;
        }
        for (int k = 0; k < value.inputCount(); k++) {
            part(read, concat, k, line.value(value.input(k), read.now()));
        }
    }

    private void part(Read read, Movement.Concat concat, int part, String what) {
        int last = read.role().lastTime();
        int first = read.role().firstTime();
        String of = line.cotangent(read.role());
        add(
                Family.ACCUMULATION,
                6,
                read,
                "only the last step counts of " + what + " in " + of,
                (use, now) -> use.time() == last ? now : without(now, concat, part));
        add(
                Family.ACCUMULATION,
                6,
                read,
                "only the first step counts of " + what + " in " + of,
                (use, now) -> use.time() == first ? now : without(now, concat, part));
        add(
                Family.ACCUMULATION,
                7,
                read,
                "left out of " + of + ": what belongs to " + what,
                (use, now) -> without(now, concat, part));
    }

    private static Tensor without(Tensor joined, Movement.Concat concat, int part) {
        List<Tensor> inputs = new ArrayList<>(joined.inputs());
        inputs.set(part, OtherSteps.zeros(inputs.get(part)));
        return Terms.on(concat, inputs);
    }

    /** Of a sum that has no name, one addend; of any other such value, what it is computed from. */
    private void operands(Read read) {
        Tensor value = read.value();
        boolean isNamed = line.notation().isNamed(line.right().graph().position(value));
        for (int slot = 0; slot < value.inputCount() && value.op() instanceof Elementwise && !isNamed; slot++) {
            int operand = slot;
            boolean fits = value.input(slot).shape().equals(value.shape())
                    && value.input(slot).dtype() == value.dtype()
                    && !Notation.isLiteral(value.input(slot));
            if (fits) {
                add(
                        Family.GATE,
                        11,
                        read,
                        line.value(value.input(slot), read.now()) + " stands where % belongs",
                        (use, now) -> now.inputCount() > operand ? now.input(operand) : now);
            }
        }
    }

    /** A gate too much: the value is multiplied by it. */
    private void gated(Read read) {
        Tensor value = read.value();
        for (int of : line.worthReading()) {
            Tensor gate = line.at(of, read.now());
            if (gate != null && gate != value && isGateLike(gate, value)) {
                add(
                        Family.GATE,
                        17,
                        read,
                        line.value(gate, read.now()) + " ⊙ # stands where % belongs",
                        (use, now) -> times(now, line.at(of, use.time())));
            }
        }
    }

    private static boolean isGateLike(Tensor gate, Tensor value) {
        return gate.op() == Unary.SIGMOID && gate.shape().equals(value.shape()) && gate.dtype() == value.dtype();
    }

    /** A gate too much at the cotangent, or its complement. */
    private void gatedCotangent(UseRole role) {
        Use middle = Uses.middle(role);
        Tensor user = line.node(middle.user());
        Tensor total = line.right().total(middle.user());
        String yBar = total == null ? "" : line.value(total, middle.time());
        for (int of : line.worthReading()) {
            Tensor gate = line.at(of, middle.time());
            if (gate != null && isGateLike(gate, user)) {
                String name = line.value(gate, middle.time());
                scaledCotangent(role, name, yBar, (use, now) -> line.at(of, use.time()));
                scaledCotangent(role, "(1 − " + name + ")", yBar, (use, now) -> complement(line.at(of, use.time())));
            }
        }
    }

    private static @Nullable Tensor complement(@Nullable Tensor gate) {
        return gate == null ? null : OtherSteps.ones(gate).minus(gate);
    }

    private void scaledCotangent(UseRole role, String gate, String yBar, Read.Other factor) {
        String name = yBar + " ⊙ " + gate + " stands where " + yBar + " belongs, in " + line.cotangent(role);
        found.add(new Mutation(
                Family.GATE,
                17,
                () -> name,
                () -> "Write " + line.term(role) + ".",
                Set.of(role),
                (use, now, sweep) -> {
                    Tensor total = sweep.total(use.user());
                    Tensor by = total == null ? null : factor.apply(use, total);
                    return by == null || total == null ? now : sweep.carried(use, total.times(by));
                }));
    }

    private static Tensor orElse(@Nullable Tensor one, Tensor other) {
        return one != null ? one : other;
    }

    private static @Nullable Tensor times(Tensor one, @Nullable Tensor other) {
        return other == null ? null : one.times(other);
    }

    /** A small number that is added to what is divided by, or of which a logarithm is taken. */
    private void epsilon(Read read) {
        Tensor value = read.value();
        int slot = epsilonOf(value);
        if (slot >= 0) {
            add(
                    Family.LOSS,
                    3,
                    read,
                    "the epsilon is ignored: " + line.value(value.input(1 - slot), read.now())
                            + " stands where % belongs",
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
        return matrix.shape().rank() >= 2
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
