package dev.clew.nn.credit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How far a way to a gradient through time is from backpropagation through time, on one sequence from its start, with the parameters of
 * now: for every parameter, and by lag, how many steps lie between a loss and the use of a parameter. The gradient by lag l is Σₜ
 * ∂Lₜ/∂sₜ₋ₗ·∂sₜ₋ₗ/∂θ, the last factor taken within the step t − l alone; lag 0 is what parameters do in the step of the loss.
 *
 * <p>It prints as a table. What it costs: for T steps, T²/2 gradients of a step, and as many draws of the way as are asked for, whose
 * memory is T times as large as on a stream.
 */
public final class CreditReport {
    private final Credit credit;
    private final int steps;
    private final int draws;
    private final ImmutableMap<String, Parameter> parameters;
    private final Tally all;
    private final ImmutableList<Tally> byParameter;
    private final ImmutableList<Tally> byLag;
    private final ImmutableList<ImmutableList<Tally>> byBoth;

    /**
     * An estimate against the exact gradient.
     *
     * @param exact the norm of the exact gradient
     * @param cosine of the angle between estimate and exact gradient, the mean over all draws; NaN where one of them is 0
     * @param bias the norm of the mean over all draws minus the exact gradient
     * @param chance what the bias would be, about, by chance alone if there were none: the square root of the sum of all variances over
     *     the number of draws; 0 where nothing is drawn
     */
    public record Figures(double exact, double cosine, double bias, double chance) {
        private static Figures of(Tally tally) {
            return new Figures(tally.exactNorm(), tally.cosine(), tally.bias(), tally.chance());
        }
    }

    private CreditReport(Credit credit, ImmutableMap<String, Parameter> parameters, Lags exact, int draws) {
        this.credit = credit;
        this.parameters = parameters;
        this.steps = exact.numbers().size() - 1;
        this.draws = draws;
        this.all = new Tally(joined(byLags(exact)));
        this.byParameter = byParameters(exact).stream().map(Tally::new).collect(ImmutableList.toImmutableList());
        this.byLag = byLags(exact).stream().map(Tally::new).collect(ImmutableList.toImmutableList());
        this.byBoth = exact.numbers().stream()
                .map(each -> each.stream().map(Tally::new).collect(ImmutableList.toImmutableList()))
                .collect(ImmutableList.toImmutableList());
    }

    /** The same for a way that draws nothing, or for one draw. */
    public static <S> CreditReport of(Online<S> online, List<Tensor> x, List<Tensor> targets) {
        return of(online, x, targets, 1);
    }

    /**
     * Compares the way of a stream, which is not changed by it.
     *
     * @param x by steps, each (batch, ...)
     * @param targets as many
     * @param draws how often it is tried, if it is {@link Credit#unbiased}; the others are always the same
     * @throws IllegalArgumentException if there are no steps, or not as many targets, or no draws
     */
    public static <S> CreditReport of(Online<S> online, List<Tensor> x, List<Tensor> targets, int draws) {
        Present.require("report", online, x, targets);
        if (x.isEmpty() || x.size() != targets.size() || draws < 1) {
            throw new IllegalArgumentException("report over " + x.size() + " steps with " + targets.size()
                    + " targets and " + draws + " draws: there is at least one step, a target for each, and one draw");
        }
        Task<S> task = online.task();
        Credit credit = online.credit();
        List<NDArray> inputs =
                x.stream().map(each -> task.fed("the input", each)).toList();
        List<NDArray> wanted =
                targets.stream().map(each -> task.fed("the target", each)).toList();
        Lags exact = Lags.exact(task, inputs, wanted, _ -> 0);
        int count = credit instanceof Credit.Unbiased ? draws : 1;
        CreditReport report = new CreditReport(credit, task.parameters(), exact, count);
        switch (credit) {
            case Credit.Bptt _ -> report.add(exact);
            case Credit.Truncated way -> report.add(Lags.exact(task, inputs, wanted, Lags.Window.of(way)));
            case Credit.RealTime _, Credit.Sparse _, Credit.Unbiased _ -> {
                NDArray first = inputs.getFirst();
                int batch = first.shape().length(0);
                Forward<S> forward = Forward.of(task, credit, first, batch, inputs.size() + 1);
                for (int i = 0; i < count; i++) {
                    report.add(Lags.of(task, forward, inputs, wanted));
                }
            }
        }
        return report;
    }

    private void add(Lags draw) {
        all.add(joined(byLags(draw)));
        List<double[]> parts = byParameters(draw);
        for (int i = 0; i < parts.size(); i++) {
            byParameter.get(i).add(parts.get(i));
        }
        List<double[]> lags = byLags(draw);
        for (int lag = 0; lag < lags.size(); lag++) {
            byLag.get(lag).add(lags.get(lag));
            for (int i = 0; i < parts.size(); i++) {
                byBoth.get(lag).get(i).add(draw.numbers().get(lag).get(i));
            }
        }
    }

    private static List<double[]> byParameters(Lags lags) {
        List<double[]> sums = new ArrayList<>();
        for (double[] each : lags.numbers().getFirst()) {
            sums.add(new double[each.length]);
        }
        for (List<double[]> lag : lags.numbers()) {
            for (int i = 0; i < sums.size(); i++) {
                plus(sums.get(i), lag.get(i));
            }
        }
        return sums;
    }

    private static List<double[]> byLags(Lags lags) {
        return lags.numbers().stream().map(CreditReport::side).toList();
    }

    private static double[] side(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static double[] joined(List<double[]> lags) {
        double[] sum = new double[lags.getFirst().length];
        lags.forEach(each -> plus(sum, each));
        return sum;
    }

    private static void plus(double[] sum, double[] more) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more[i];
        }
    }

    /** What is compared. */
    public Credit credit() {
        return credit;
    }

    /** Of all parameters together, over all lags. */
    public Figures all() {
        return Figures.of(all);
    }

    /**
     * Of the parameter of a name, {@code cell.wx}, over all lags.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public Figures of(String parameter) {
        return Figures.of(byParameter.get(place(parameter)));
    }

    /**
     * Of all parameters together, by one lag.
     *
     * @throws IllegalArgumentException if it is not from 0 to the number of steps
     */
    public Figures at(int lag) {
        return Figures.of(byLag.get(checked(lag)));
    }

    /** Of one parameter, by one lag. */
    public Figures of(String parameter, int lag) {
        return Figures.of(byBoth.get(checked(lag)).get(place(parameter)));
    }

    /** The exact gradient of a parameter. */
    public NDArray exact(String parameter) {
        return array(parameter, byParameter.get(place(parameter)).exact());
    }

    /** The mean over all draws of its estimate. */
    public NDArray mean(String parameter) {
        return array(parameter, byParameter.get(place(parameter)).mean());
    }

    private NDArray array(String parameter, double[] numbers) {
        Shape shape = parameters.values().asList().get(place(parameter)).shape();
        return NDArray.of(shape, numbers);
    }

    private int place(String parameter) {
        Present.require("report", parameter);
        Parameters.of(parameters, parameter, "report of '" + parameter + "'");
        return parameters.keySet().asList().indexOf(parameter);
    }

    private int checked(int lag) {
        if (lag < 0 || lag > steps) {
            throw new IllegalArgumentException("report at lag " + lag + ": the sequence has " + steps
                    + " steps, so lags go from 0 to " + steps + ", where that is the start before the first step");
        }
        return lag;
    }

    /** A table: a line for every parameter, one for all, and one for every lag that has a gradient. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(credit + " against BPTT over " + steps
                + (steps == 1 ? " step" : " steps") + (draws == 1 ? "" : ", " + draws + " draws") + "\n");
        int width = Math.max(
                7, parameters.keySet().stream().mapToInt(String::length).max().orElse(0));
        String names = "%-" + width + "s";
        text.append(String.format(
                Locale.ROOT, names + "  %10s %8s %10s %10s\n", "", "|exact|", "cosine", "|bias|", "by chance"));
        parameters.keySet().forEach(name -> line(text, names, name, of(name)));
        line(text, names, "all", all());
        for (int lag = 0; lag <= steps; lag++) {
            Figures figures = at(lag);
            if (figures.exact != 0 || figures.bias != 0) {
                line(text, names, "lag " + lag, figures);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String names, String name, Figures figures) {
        text.append(String.format(
                Locale.ROOT,
                names + "  %10.3e %8s %10.1e %10s\n",
                name,
                figures.exact,
                Double.isNaN(figures.cosine) ? "-" : String.format(Locale.ROOT, "%.5f", figures.cosine),
                figures.bias,
                figures.chance == 0 ? "-" : String.format(Locale.ROOT, "%.1e", figures.chance)));
    }
}
