package dev.clew.internal.tensor;

import dev.clew.array.Shape;
import dev.clew.tensor.Elementwise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Windows of one array that cover an element many times. What lies in them is added up in order, one rounding for each, so they
 * are dealt out: sums of few each, to be added as any other sum of many terms is.
 */
final class Overlaps {
    /** So many at an element are added in order, as in {@link Elementwise.AddN}. */
    private static final int FEW = Elementwise.AddN.BLOCK;

    /** With those, and the blocks and tree of the sum of all hands, no element has more than log₂ n + 16 roundings. */
    private static final int IN_A_HAND = FEW / 2;

    private Overlaps() {}

    /** The numbers of windows, in hands that cover no element often; a single hand wherever that will do. */
    static List<int[]> dealt(Shape of, List<Window> windows) {
        int[] all = IntStream.range(0, windows.size()).toArray();
        return most(of, windows, all) <= FEW ? List.of(all) : dealt(of, windows, all);
    }

    private static List<int[]> dealt(Shape of, List<Window> windows, int... hand) {
        int most = most(of, windows, hand);
        if (most <= IN_A_HAND) {
            return List.of(hand);
        }
        int hands = Math.ceilDiv(most, IN_A_HAND);
        List<int[]> dealt = new ArrayList<>();
        for (int first = 0; first < hands; first++) {
            int from = first;
            dealt.addAll(dealt(
                    of,
                    windows,
                    IntStream.range(0, Math.ceilDiv(hand.length - from, hands))
                            .map(i -> hand[from + i * hands])
                            .toArray()));
        }
        return dealt;
    }

    /** No element is covered more often than this: than its place along an axis. */
    private static int most(Shape of, List<Window> windows, int... hand) {
        int most = hand.length;
        for (int axis = 0; axis < of.rank() && most > IN_A_HAND; axis++) {
            if (differ(windows, hand, axis)) {
                most = Math.min(most, along(of.length(axis), windows, hand, axis));
            }
        }
        return most;
    }

    private static boolean differ(List<Window> windows, int[] hand, int axis) {
        Window first = windows.get(hand[0]);
        return Arrays.stream(hand)
                .mapToObj(windows::get)
                .anyMatch(window -> window.start().get(axis) != first.start().get(axis)
                        || window.step().get(axis) != first.step().get(axis)
                        || window.size().length(axis) != first.size().length(axis));
    }

    private static int along(int length, List<Window> windows, int[] hand, int axis) {
        int[] covered = new int[length];
        int most = 0;
        for (int number : hand) {
            Window window = windows.get(number);
            int at = window.start().get(axis);
            for (int i = 0; i < window.size().length(axis); i++) {
                most = Math.max(most, ++covered[at]);
                at += window.step().get(axis);
            }
        }
        return most;
    }
}
