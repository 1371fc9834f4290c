package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Mistakes in the step whose value is read: that of a step nearby, of the first or the last, of the other end.
 *
 * <p>Where there is no such step, something else is read: the right one, the one at the other end, 0 or 1, or the step is left out.
 */
final class OtherSteps {
    private static final int UNNAMED = 9;

    private final Uses line;
    private final int role;
    private final String text;
    private final int begin;

    /** From the step that should be read, −1 for the initial state, and from its value, what is read instead; null for nothing. */
    interface Other extends BiFunction<Integer, Tensor, @Nullable Tensor> {}

    /**
     * A mistake in the step.
     *
     * @param rank how far-fetched it is
     * @param name with % for what should be read
     * @param other what is read
     */
    record Mistake(int rank, String name, Other other) {}

    /**
     * Of the values of a role.
     *
     * @param text what should be read is called
     * @param begin the step that should be read first, −1 for the initial state
     */
    OtherSteps(Uses line, int role, String text, int begin) {
        this.line = line;
        this.role = role;
        this.text = text;
        this.begin = begin;
    }

    /** All mistakes, seen from a step that should read another one. */
    List<Mistake> mistakes(int now, int read, boolean isNamed, boolean isWhole) {
        List<Mistake> all = new ArrayList<>();
        for (int by : new int[] {1, -1, 2, -2}) {
            Tensor there = line.at(role, read + by);
            if (there != null) {
                int far = (isNamed ? 0 : UNNAMED) + Math.abs(by) - 1;
                String name = line.value(there, now) + " stands where " + text + " belongs";
                all.addAll(nearby(by, far, name, isWhole && by > 0));
            }
        }
        all.addAll(ends());
        return all;
    }

    private List<Mistake> nearby(int by, int far, String name, boolean isWhole) {
        boolean isBack = by < 0;
        Other there = (t, it) -> line.at(role, t + by);
        String left = isBack ? ", and the first step" + (by < -1 ? "s are" : " is") + " left out" : "";
        String right = ", and the right one at the " + (isBack ? "first" : "last") + " step";
        return List.of(
                new Mistake((isWhole ? 5 : 9) + far, name + left, there),
                new Mistake(7 + far, name + right, (t, it) -> or(line.at(role, t + by), it)),
                new Mistake(
                        7 + far,
                        name + "; the index wraps round",
                        (t, it) -> line.at(role, Math.floorMod(t + by, line.steps()))),
                new Mistake(7 + far, name + ", with 0 beyond the end", (t, it) -> or(line.at(role, t + by), zeros(it))),
                new Mistake(9 + far, name + ", with 1 beyond the end", (t, it) -> or(line.at(role, t + by), ones(it))));
    }

    /** That of one end, at every step, or where there is none before. */
    private List<Mistake> ends() {
        Tensor first = line.at(role, 0);
        Tensor last = line.at(role, line.steps() - 1);
        Tensor initial = line.at(role, -1);
        String belongs = " stands where " + text + " belongs";
        String everywhere = " stands for every step where " + text + " belongs";
        List<Mistake> all = new ArrayList<>();
        if (first != null && last != null) {
            all.add(new Mistake(9, "that of the first step" + everywhere, (t, it) -> first));
            all.add(new Mistake(11, "that of the last step" + everywhere, (t, it) -> last));
            all.add(new Mistake(
                    4,
                    "index −1 wraps: at the first step the last of all" + belongs,
                    (t, it) -> t == begin ? last : it));
        }
        all.add(new Mistake(9, "at the first step 0" + belongs, (t, it) -> t == begin ? zeros(it) : it));
        if (initial != null) {
            all.add(new Mistake(13, "the initial state" + belongs, (t, it) -> initial));
        }
        all.add(new Mistake(
                12,
                "the steps are read in the other order where " + text + " belongs",
                (t, it) -> line.at(role, line.steps() - 1 - t)));
        return all;
    }

    private static @Nullable Tensor or(@Nullable Tensor one, @Nullable Tensor other) {
        return one != null ? one : other;
    }

    static Tensor zeros(Tensor like) {
        return Tensor.zeros(like.dtype(), like.shape().lengths());
    }

    static Tensor ones(Tensor like) {
        return Tensor.ones(like.dtype(), like.shape().lengths());
    }

    /** How a mistake is filed: what another step gives is one of time, what one step gives to all is one of gates. */
    static Family family(Mistake mistake) {
        return mistake.name().startsWith("that of") ? Family.GATE : Family.TIME;
    }
}
