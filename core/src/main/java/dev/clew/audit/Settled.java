package dev.clew.audit;

import dev.clew.audit.Slope.Quotient;
import java.util.List;

/**
 * Which quotients of a function can be believed: those of the steps within which it is smooth.
 *
 * <p>Of a smooth function, central quotients change less and less while the step falls, until rounding takes over. A step is
 * believed only if this holds for all smaller ones: a function that oscillates, breaks or is chaotic within the larger steps has
 * quotients there that may agree by chance, and mean nothing (the choice of a bandwidth by Lepski, 1991, is of this kind).
 */
final class Settled {
    /** How many of the smallest steps show the rounding of the values. */
    private static final int ROUNDED = 6;

    private static final double LESS = 0.7;
    private static final double SAFETY = 6;
    private static final double CHANCE = 8;

    private Settled() {}

    /** The noise as it is estimated, or as the values of the smallest steps show it, if that is beyond mere chance. */
    static double noise(List<Quotient> all, double estimate) {
        double seen = Math.max(ofSmallest(all), ofJump(all));
        return seen > CHANCE * estimate ? seen : estimate;
    }

    /** The quotients to believe, in the order of falling steps. */
    static List<Quotient> of(List<Quotient> honest) {
        return honest.subList(first(honest), honest.size());
    }

    /** The largest step down from which changes become smaller. */
    private static int first(List<Quotient> quotients) {
        for (int i = quotients.size() - 1; i > 1; i--) {
            double before = Math.max(change(quotients, i - 1), i > 2 ? change(quotients, i - 2) : 0);
            Quotient at = quotients.get(i);
            if (change(quotients, i) > LESS * before + SAFETY * at.noise() / at.step()) {
                return Math.min(i + 1, quotients.size() - 1);
            }
        }
        return 0;
    }

    private static double change(List<Quotient> quotients, int at) {
        return Math.abs(quotients.get(at).central() - quotients.get(at - 1).central());
    }

    /** What values of the smallest steps scatter by. */
    private static double ofSmallest(List<Quotient> quotients) {
        double most = 0;
        for (int i = Math.max(1, quotients.size() - ROUNDED); i < quotients.size(); i++) {
            most = Math.max(most, change(quotients, i) * quotients.get(i).step());
        }
        return most;
    }

    /** Values that stand still for the smallest steps, and then jump, are rounded to multiples of the jump. */
    private static double ofJump(List<Quotient> quotients) {
        for (int i = quotients.size() - 1; i >= 0; i--) {
            Quotient at = quotients.get(i);
            double moved = Math.max(Math.abs(at.left()), Math.abs(at.right()));
            if (moved > 0) {
                return i == quotients.size() - 1 ? 0 : moved * at.step();
            }
        }
        return 0;
    }
}
