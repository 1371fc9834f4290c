package dev.clew.audit.bug;

import dev.clew.audit.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Mistakes in the sum over the steps of a parameter's gradient, which every cell can make. */
final class SumBugs {
    private static final String COPIED = " copied from d";
    private static final String AND = " and ";

    private SumBugs() {}

    static String assigned(String name) {
        return "d" + name + " assigned";
    }

    static String lastStepOnly(String name) {
        return "d" + name + " of the last step only";
    }

    static String withoutStep0(String name) {
        return "d" + name + " without step 0";
    }

    static String firstRow(String name) {
        return "d" + name + " of the first row";
    }

    static String lastRow(String name) {
        return "d" + name + " of the last row";
    }

    static String meanOfRows(String name) {
        return "d" + name + " as the mean of the rows";
    }

    static String negated(String name) {
        return "d" + name + " negated";
    }

    static String doubled(String name) {
        return "d" + name + " doubled";
    }

    static String perStep(String name) {
        return "d" + name + " divided by the steps";
    }

    static String dropped(String name) {
        return "d" + name + " dropped";
    }

    static String copied(String name, String from) {
        return "d" + name + COPIED + from;
    }

    /** Every mistake about the sum of one matrix. */
    static List<Bug> of(String name) {
        return List.of(
                bug(
                        assigned(name),
                        Family.ACCUMULATION,
                        name,
                        "a sum over the steps is assigned; the step that is done last remains"),
                bug(lastStepOnly(name), Family.ACCUMULATION, name, "only the last step adds to it"),
                bug(withoutStep0(name), Family.ACCUMULATION, name, "step 0 does not add to it"),
                bug(negated(name), Family.SCALE, name, "its sign is the other one"),
                bug(doubled(name), Family.SCALE, name, "it is added twice"),
                bug(perStep(name), Family.SCALE, name, "the sum over the steps is made a mean"),
                bug(dropped(name), Family.PLUMBING, name, "it stays 0"));
    }

    /** Every mistake about the sum of a bias. */
    static List<Bug> ofBias(String name) {
        List<Bug> bugs = new ArrayList<>(of(name));
        bugs.add(bug(firstRow(name), Family.ACCUMULATION, name, "the first row stands for the sum over the batch"));
        bugs.add(bug(lastRow(name), Family.ACCUMULATION, name, "the last row stands for the sum over the batch"));
        bugs.add(bug(meanOfRows(name), Family.ACCUMULATION, name, "the sum over the batch is made a mean"));
        return bugs;
    }

    /** The line of one parameter, copied for another of the same shape, where a name was not changed. */
    static Bug copy(String name, String from) {
        return bug(copied(name, from), Family.PLUMBING, name, "it is given the gradient of " + from);
    }

    /** The same for two parameters. */
    static Bug copies(String one, String two, String from) {
        return Bug.of(
                copied(one + AND + "d" + two, from),
                Family.PLUMBING,
                one + " " + two,
                "Both " + one + " and " + two + " are given the gradient of " + from + ".");
    }

    private static List<String> targets(String copy) {
        return List.of(copy.substring(0, copy.indexOf(COPIED)).split(AND));
    }

    private static Bug bug(String name, Family family, String wrong, String what) {
        return new Bug(name, family, Set.of(wrong), "In the gradient of " + wrong + ", " + what + ".");
    }

    /** A gradient after what goes wrong when all of it is there. */
    static Matrix finished(Sweep sweep, String name, Switches on) {
        String source = on.names().stream()
                .filter(each -> each.contains(COPIED) && targets(each).contains("d" + name))
                .map(each -> each.substring(each.indexOf(COPIED) + COPIED.length()))
                .findFirst()
                .orElse(name);
        Matrix all = sweep.gradient(source);
        double factor = on.has(dropped(name)) ? 0 : 1;
        factor *= on.has(negated(name)) ? -1 : 1;
        factor *= on.has(doubled(name)) ? 2 : 1;
        factor *= on.has(perStep(name)) ? 1.0 / sweep.steps() : 1;
        return factor == 1 ? all : all.times(factor);
    }
}
