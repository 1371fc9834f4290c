package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Mistakes with a factor that stands between the nearest cotangent that has a name and the line that reads it: it is left out in this line
 * alone, or stands at the other operand.
 */
final class MisplacedFactors {
    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    private MisplacedFactors(Uses line) {
        this.line = line;
    }

    static List<Mutation> of(Uses line) {
        MisplacedFactors factors = new MisplacedFactors(line);
        for (UseRole role : line.right().useRoles()) {
            factors.onTheWay(role);
            factors.elsewhere(role);
        }
        return factors.found;
    }

    private interface Instead {
        @Nullable
        Tensor of(Use use, MutatedSweep sweep);
    }

    private void add(int rank, UseRole role, String name, Instead instead) {
        found.add(new Mutation(
                Family.GATE,
                rank,
                () -> name,
                () -> "The term of " + line.cotangent(role) + " is " + line.term(role) + ".",
                Set.of(role),
                (use, now, sweep) -> instead.of(use, sweep)));
    }

    /** A factor between a cotangent that has a name and a line that reads it is left out in this line alone. */
    private void onTheWay(UseRole role) {
        List<Use> way = line.way(Uses.middle(role));
        for (int i = 0; i < way.size(); i++) {
            Tensor user = line.node(way.get(i).user());
            Tensor input = line.node(way.get(i).input());
            boolean isFactor = user.op() instanceof Elementwise
                    && !user.op().label().equals("plus")
                    && user.shape().equals(input.shape())
                    && user.dtype() == input.dtype();
            if (isFactor) {
                withoutFactor(role, i);
            }
        }
    }

    private void withoutFactor(UseRole role, int which) {
        String name = "a factor is missing in " + line.cotangent(role) + ": its term is " + line.term(role);
        add(9, role, name, (use, sweep) -> {
            List<Use> way = line.way(use);
            if (which >= way.size()) {
                return sweep.carried(use, sweep.total(use.user()));
            }
            Tensor carried = sweep.total(way.get(which).user());
            for (int i = which - 1; i >= 0; i--) {
                carried = sweep.carried(way.get(i), carried);
            }
            return sweep.carried(use, carried);
        });
    }

    /** A factor of the cotangent stands at what it is multiplied by, as r at h in (r ⊙ h)ᵀ·δ for hᵀ·(r ⊙ δ); or the other way round. */
    private void elsewhere(UseRole role) {
        Use middle = Uses.middle(role);
        if (line.node(middle.user()).op() instanceof Contraction) {
            List<Tensor> reads = line.reads(middle);
            for (int which = 0; which < reads.size(); which++) {
                atRead(role, which, reads.get(which));
                atCotangent(role, which, reads.get(which));
            }
        }
    }

    private void atRead(UseRole role, int which, Tensor read) {
        Use middle = Uses.middle(role);
        List<Use> way = line.way(middle);
        int at = firstProduct(way);
        Tensor factor = at < 0 ? null : otherFactor(way.get(at));
        if (factor != null
                && factor.shape().equals(read.shape())
                && line.right().isForward(factor)) {
            String name = line.value(factor, middle.time()) + " stands at " + line.value(read, middle.time());
            factorAtRead(role, which, at, name + ", not at the cotangent");
        }
    }

    private void atCotangent(UseRole role, int which, Tensor read) {
        Use middle = Uses.middle(role);
        boolean fits = read.op() == Binary.TIMES
                && read.shape().equals(line.node(middle.user()).shape());
        for (int slot = 0; slot < 2 && fits; slot++) {
            String factor = line.value(read.input(slot), middle.time());
            String other = line.value(read.input(1 - slot), middle.time());
            factorAtCotangent(role, which, slot, factor + " stands at the cotangent, not at " + other);
        }
    }

    private int firstProduct(List<Use> way) {
        return IntStream.range(0, way.size())
                .filter(i -> line.node(way.get(i).user()).op() == Binary.TIMES)
                .findFirst()
                .orElse(-1);
    }

    private Tensor otherFactor(Use use) {
        return line.node(use.user()).input(1 - use.slot());
    }

    private void factorAtRead(UseRole role, int which, int at, String name) {
        add(12, role, name + " in " + line.cotangent(role), (use, sweep) -> {
            List<Use> way = line.way(use);
            List<Tensor> reads = line.reads(use);
            if (at >= way.size() || which >= reads.size()) {
                return sweep.carried(use, sweep.total(use.user()));
            }
            Tensor read = reads.get(which);
            Tensor scaled = read.times(otherFactor(way.get(at)));
            Tensor carried = sweep.total(way.get(at).user());
            for (int i = at - 1; i >= 0; i--) {
                carried = sweep.carried(way.get(i), carried);
            }
            Tensor term = sweep.carried(use, carried);
            return term == null
                    ? null
                    : sweep.rewritten(use, term, end -> end == read ? scaled : end, (node, inputs) -> null);
        });
    }

    private void factorAtCotangent(UseRole role, int which, int slot, String name) {
        add(12, role, name + " in " + line.cotangent(role), (use, sweep) -> {
            List<Tensor> reads = line.reads(use);
            Tensor yBar = sweep.total(use.user());
            if (yBar == null || which >= reads.size() || reads.get(which).inputCount() < 2) {
                return sweep.carried(use, yBar);
            }
            Tensor read = reads.get(which);
            Tensor term = sweep.carried(use, yBar.times(read.input(slot)));
            return term == null
                    ? null
                    : sweep.rewritten(
                            use, term, end -> end == read ? read.input(1 - slot) : end, (node, inputs) -> null);
        });
    }
}
