package dev.clew.nn.credit;

import static dev.clew.nn.credit.Streams.data;
import static dev.clew.nn.credit.Streams.exact;
import static dev.clew.nn.credit.Streams.learnt;
import static dev.clew.nn.credit.Streams.near;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.Parameters;
import dev.clew.nn.credit.Streams.Echo;
import dev.clew.nn.credit.Streams.Model;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a report says is what streams do. */
class ReportTest {
    private static final int UNITS = 3;
    private static final int STEPS = 7;

    private final RandomKey key = RandomKey.of(21);
    private final List<Tensor> x = data(key.fold(1), STEPS, 2, Streams.INPUTS);
    private final List<Tensor> targets = data(key.fold(2), STEPS, 2, Streams.TARGETS);

    private Cell<?> cell(int which) {
        return List.of(
                        RnnCell.create(Streams.INPUTS, UNITS, key.fold(3)),
                        Lstm.create(Streams.INPUTS, UNITS, key.fold(4)),
                        Echo.create(UNITS, key.fold(5)))
                .get(which);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void itsGradientsAreThoseOfTheGraphAndOfTheStream(int which) {
        itsGradientsAreThoseOf(cell(which));
    }

    private <S> void itsGradientsAreThoseOf(Cell<S> cell) {
        Model<S> model = Model.of(cell, UNITS, key.fold(0));
        Map<Parameter, NDArray> exact = exact(model, x, targets);
        for (Credit credit : List.of(
                Credit.bptt(),
                Credit.truncated(2, 2),
                Credit.truncated(3, 4),
                Credit.truncated(1, 6),
                Credit.realTime(),
                Credit.sparse(1),
                Credit.unbiased(RandomKey.of(2)))) {
            Online<S> online = Online.of(model, cell, model.loss(), credit);
            CreditReport report = CreditReport.of(online, x, targets);
            Map<Parameter, double[]> learnt = learnt(online, x, targets);
            Map<Parameter, NDArray> told = new LinkedHashMap<>();
            Parameters.named(model).forEach((name, parameter) -> {
                near(
                        report.exact(name).toDoubles(),
                        exact.getOrDefault(parameter, NDArray.of(0.0)).toDoubles(),
                        1e-12,
                        credit + " exact " + name);
                told.put(parameter, report.mean(name));
            });
            if (!(credit instanceof Credit.Unbiased)) { // Which draws other signs when it begins again.
                near(learnt, told, 1e-12);
            }
        }
    }

    @Test
    void figuresAreCosineAndDistance() {
        RnnCell cell = RnnCell.create(Streams.INPUTS, UNITS, key.fold(3));
        Model<Tensor> model = Model.of(cell, UNITS, key.fold(0));
        CreditReport report = CreditReport.of(Online.of(model, cell, model.loss(), Credit.truncated(1, 1)), x, targets);
        double[] exact = report.exact("cell.wh").toDoubles();
        double[] mean = report.mean("cell.wh").toDoubles();
        double product = 0;
        double ofExact = 0;
        double ofMean = 0;
        double distance = 0;
        for (int i = 0; i < exact.length; i++) {
            product += exact[i] * mean[i];
            ofExact += exact[i] * exact[i];
            ofMean += mean[i] * mean[i];
            distance += (mean[i] - exact[i]) * (mean[i] - exact[i]);
        }
        CreditReport.Figures figures = report.of("cell.wh");
        assertThat(figures.exact()).isCloseTo(Math.sqrt(ofExact), within(1e-12));
        assertThat(figures.cosine()).isCloseTo(product / Math.sqrt(ofExact * ofMean), within(1e-12));
        assertThat(figures.bias()).isCloseTo(Math.sqrt(distance), within(1e-12)).isGreaterThan(0.1);
        assertThat(figures.chance()).isEqualTo(0);
        assertThat(report.at(0).bias()).as("a step by itself").isEqualTo(0);
        assertThat(report.at(1).bias())
                .as("nothing of the step before")
                .isEqualTo(report.at(1).exact());
        assertThat(report.of("head.bias", 0).cosine()).isCloseTo(1, within(1e-12));
        assertThat(report.of("head.bias", 1)).isEqualTo(new CreditReport.Figures(0, Double.NaN, 0, 0));
        assertThat(report.at(STEPS).exact())
                .as("nothing is learnt at the start")
                .isEqualTo(0);
    }

    @Test
    void itPrintsAsATable() {
        RnnCell cell = RnnCell.create(Streams.INPUTS, UNITS, key.fold(3));
        Model<Tensor> model = Model.of(cell, UNITS, key.fold(0));
        String text = CreditReport.of(Online.of(model, cell, model.loss(), Credit.truncated(1, 2)), x, targets)
                .toString();
        List<String> lines = text.lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("TBPTT(k1=1, k2=2, 1 step replayed with the parameters of now) against BPTT over 7 steps");
        assertThat(lines.get(1)).matches(" +\\|exact\\| +cosine +\\|bias\\| +by chance");
        assertThat(lines.get(2)).matches("cell\\.wx +\\d\\.\\d{3}e[+-]\\d\\d +0\\.\\d{5} +\\d\\.\\de[+-]\\d\\d +-");
        assertThat(lines.subList(1, lines.size()))
                .allSatisfy(line -> assertThat(line).hasSameSizeAs(lines.get(1)));
        assertThat(lines).hasSize(2 + 5 + 1 + STEPS);
        assertThat(lines.getLast()).startsWith("lag 6 ");
    }

    @Test
    void mistakesAreSaid() {
        RnnCell cell = RnnCell.create(Streams.INPUTS, UNITS, key.fold(3));
        Model<Tensor> model = Model.of(cell, UNITS, key.fold(0));
        Online<Tensor> online = Online.of(model, cell, model.loss(), Credit.bptt());
        assertThatThrownBy(() -> CreditReport.of(online, x, targets.subList(1, STEPS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("report over 7 steps with 6 targets and 1 draws: there is at least one step, a target for"
                        + " each, and one draw");
        CreditReport report = CreditReport.of(online, x, targets);
        assertThatThrownBy(() -> report.at(8))
                .hasMessage("report at lag 8: the sequence has 7 steps, so lags go from 0 to 7, where that is the start"
                        + " before the first step");
        assertThatThrownBy(() -> report.of("cell.wz"))
                .hasMessage("report of 'cell.wz': there is none of that name; did you mean 'cell.wx'? The names are"
                        + " [cell.wx, cell.wh, cell.b, head.weight, head.bias]");
    }
}
