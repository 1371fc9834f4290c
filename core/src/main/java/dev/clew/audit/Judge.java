package dev.clew.audit;

import dev.clew.audit.Slope.Quotient;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/** Tells "this number is wrong" from "differences cannot decide here". */
final class Judge {
    private static final double SURE = 4;
    private static final double LITTLE = 0.25;
    /** Over so many steps the slopes of both sides of a kink nearby stay the same. */
    private static final int STRAIGHT = 4;

    private final double tolerance;
    /** A slope is resolved if its error is below this part of it. */
    private final double resolved;
    /** What the gradient's own rounding may amount to. */
    private final double floor;

    /** For the gradient of an input, whose largest number is given. */
    Judge(double tolerance, boolean single, double most) {
        this.tolerance = single ? Math.max(tolerance, 1e-3) : tolerance;
        this.resolved = single ? 1e-2 : 1e-3;
        this.floor = (single ? 1e-5 : 1e-13) * most;
    }

    /** What was found out about one number. */
    record Ruling(double numeric, double error, Verdict verdict, String reason) {}

    /** Whether some quotients settle it, and no others need to be taken. */
    boolean isPlain(double analytic, List<Quotient> quotients) {
        Slope slope = Slope.of(quotients);
        return agrees(analytic, slope) && isResolved(analytic, slope) && !hasKink(quotients, slope);
    }

    Ruling rule(double analytic, List<Quotient> quotients, Noise.Estimate noise) {
        Slope slope = Slope.of(quotients);
        if (slope.at() < 0) {
            return new Ruling(
                    Double.NaN,
                    Double.POSITIVE_INFINITY,
                    Verdict.NOT_FINITE,
                    "the values beside the point are not finite, however small the step: an edge of the domain");
        }
        boolean kink = hasKink(quotients, slope);
        if (!Double.isFinite(analytic)) {
            Verdict verdict = isResolved(0, slope) && !kink ? Verdict.WRONG : Verdict.NOT_FINITE;
            return ruling(
                    slope, verdict, "the gradient is " + analytic + "; NonFinite.first tells where that came from");
        }
        if (analytic == 0 && quotients.stream().allMatch(quotient -> quotient.left() == 0 && quotient.right() == 0)) {
            return new Ruling(0, 0, Verdict.FLAT, "the value does not move, whatever the step");
        }
        if (kink) {
            Quotient nearest = quotients.reversed().stream()
                    .filter(Judge::distance)
                    .findFirst()
                    .orElse(quotients.get(slope.at()));
            return kink(analytic, nearest, slope);
        }
        if (agrees(analytic, slope)) {
            return isResolved(analytic, slope) ? ruling(slope, Verdict.RIGHT, "") : undecided(slope, noise);
        }
        return contradicts(analytic, quotients, slope) ? ruling(slope, Verdict.WRONG, "") : undecided(slope, noise);
    }

    /** The least step within which differences still tell that a number is wrong. */
    double reach(double analytic, List<Quotient> quotients) {
        double reach = quotients.getFirst().step();
        for (int i = 0; i < quotients.size(); i++) {
            Slope slope = Slope.of(quotients.subList(i, quotients.size()));
            if (slope.at() < 0 || Math.abs(analytic - slope.value()) <= SURE * slope.error()) {
                return reach;
            }
            reach = quotients.get(i + slope.from()).step();
        }
        return reach;
    }

    /** A ruling on a number that belongs to a gradient known no better than this within the reach of the differences. */
    static Ruling weighed(Ruling ruling, double analytic, double unknown, double reach) {
        return unknown < LITTLE * Math.abs(analytic - ruling.numeric())
                ? ruling
                : new Ruling(
                        ruling.numeric(),
                        ruling.error(),
                        Verdict.UNSETTLED,
                        String.format(
                                Locale.ROOT,
                                "the function varies within the reach of the differences: over steps of %.0e the gradient"
                                        + " itself changes by %.0e and more",
                                reach,
                                unknown));
    }

    /** A ruling on a number at a point where the function itself is not finite. */
    static Ruling beyond(Ruling ruling, double analytic) {
        return new Ruling(
                ruling.numeric(),
                ruling.error(),
                Verdict.NOT_FINITE,
                "the gradient is " + analytic
                        + ", and other values at the point are not finite either: 0·∞ on the way back is" + " NaN");
    }

    /** A ruling on a number that its own formula gives no better than this. */
    static Ruling rounded(Ruling ruling, double analytic, double unknown) {
        return unknown < LITTLE * Math.abs(analytic - ruling.numeric())
                ? ruling
                : new Ruling(
                        ruling.numeric(),
                        ruling.error(),
                        Verdict.CANCELLATION,
                        String.format(
                                Locale.ROOT,
                                "the gradient is known to %.0e only, because of rounding or underflow in its own formula",
                                unknown));
    }

    /** A ruling on a number that belongs to one stair of many. */
    static Ruling jumping(Ruling ruling, Tensor node, double reach) {
        return new Ruling(
                ruling.numeric(),
                ruling.error(),
                Verdict.UNSETTLED,
                String.format(
                        Locale.ROOT,
                        "the function jumps within the reach of the differences: %s changes over steps of %.0e, and the"
                                + " gradient is that between its jumps",
                        named(node),
                        reach));
    }

    private boolean agrees(double analytic, Slope slope) {
        double scale = Math.max(Math.abs(analytic), Math.abs(slope.value()));
        return Math.abs(analytic - slope.value()) <= tolerance * scale + floor + slope.error();
    }

    private boolean isResolved(double analytic, Slope slope) {
        return slope.error() <= resolved * Math.max(Math.abs(analytic), Math.abs(slope.value()));
    }

    /** More than the error, by far; and not where values stand still for small steps and then jump, as rounded ones do. */
    private boolean contradicts(double analytic, List<Quotient> quotients, Slope slope) {
        double apart = Math.abs(analytic - slope.value());
        double scale = Math.max(Math.abs(analytic), Math.abs(slope.value()));
        boolean standsStill = slope.value() == 0 && quotients.get(slope.at()).central() == 0;
        boolean movesElsewhere = quotients.stream().anyMatch(quotient -> quotient.central() != 0);
        return apart > tolerance * scale + floor + SURE * slope.error()
                && !(standsStill && movesElsewhere)
                && bearsOut(Slope.of(quotients.subList(slope.at() + 1, quotients.size())), slope, apart);
    }

    /** Whether smaller steps, as far as they can tell, lead to the same slope: two large ones may agree by chance. */
    private static boolean bearsOut(Slope smaller, Slope slope, double apart) {
        return smaller.at() < 0 || Math.abs(smaller.value() - slope.value()) <= 0.5 * apart + smaller.error();
    }

    /** Whether the slopes of both sides keep their distance while the step shrinks to a tenth or less. */
    private static boolean hasKink(List<Quotient> quotients, Slope slope) {
        if (slope.at() < 0) {
            return false;
        }
        Quotient small = quotients.get(slope.at());
        for (int i = slope.at(); i >= 0; i--) {
            Quotient large = quotients.get(i);
            if (large.step() >= 10 * small.step()) {
                return distance(small) && small.gap() >= 0.5 * large.gap();
            }
        }
        for (Quotient smaller : quotients) {
            if (smaller.step() <= 0.1 * small.step()) {
                return distance(smaller) && smaller.gap() >= 0.5 * small.gap();
            }
        }
        return false;
    }

    private static boolean distance(Quotient quotient) {
        return quotient.gap() > 20 * quotient.noise() / quotient.step()
                && quotient.gap() > 1e-4 * Math.max(Math.abs(quotient.left()), Math.abs(quotient.right()));
    }

    /** What is undecided because of a kink nearby, which all but the smallest steps see, is said to be one. */
    Ruling orKink(Ruling undecided, double analytic, List<Quotient> all) {
        for (int i = all.size() - STRAIGHT; i >= 0; i--) {
            Quotient small = all.get(i + STRAIGHT - 1);
            boolean straight = distance(small);
            for (Quotient larger : all.subList(i, i + STRAIGHT)) {
                straight &= Math.max(Math.abs(larger.left() - small.left()), Math.abs(larger.right() - small.right()))
                        < 0.02 * small.gap();
            }
            double low = Math.min(small.left(), small.right());
            double high = Math.max(small.left(), small.right());
            if (straight && analytic >= low - 0.1 * small.gap() && analytic <= high + 0.1 * small.gap()) {
                return kink(Math.clamp(analytic, low, high), small, Slope.of(all.subList(i, i + STRAIGHT)));
            }
        }
        return undecided;
    }

    private Ruling kink(double analytic, Quotient at, Slope slope) {
        double low = Math.min(at.left(), at.right());
        double high = Math.max(at.left(), at.right());
        double margin = 0.01 * at.gap();
        String sides = String.format(
                Locale.ROOT, "the slope is %.6g on the left and %.6g on the right", at.left(), at.right());
        return analytic < low - margin || analytic > high + margin
                ? ruling(slope, Verdict.WRONG, "a kink: " + sides + ", and the gradient is not between")
                : ruling(slope, Verdict.KINK, sides);
    }

    private static Ruling undecided(Slope slope, Noise.Estimate noise) {
        if (slope.rounding() < 0.1 * slope.error()) {
            return ruling(
                    slope,
                    Verdict.UNSETTLED,
                    "the function varies within the reach of the differences: smaller steps do not lead to one number");
        }
        if (noise.total() > 30 * noise.last()) {
            String where = noise.most().map(Judge::named).orElse("the formula");
            return ruling(
                    slope,
                    Verdict.CANCELLATION,
                    String.format(
                            Locale.ROOT,
                            "values are known to %.0e only, because of rounding in %s",
                            noise.total(),
                            where));
        }
        return ruling(
                slope,
                Verdict.SATURATED,
                String.format(
                        Locale.ROOT, "the value hardly moves: its rounding hides slopes up to %.0e", slope.error()));
    }

    private static String named(Tensor node) {
        return node.describe()
                + node.site().map(Site::line).map(line -> " at " + line).orElse("");
    }

    private static Ruling ruling(Slope slope, Verdict verdict, String reason) {
        return new Ruling(slope.value(), slope.error(), verdict, reason);
    }
}
