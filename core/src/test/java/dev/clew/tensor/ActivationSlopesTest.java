package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** First and second derivatives of activations against exact ones, computed with 200 bits. */
final class ActivationSlopesTest {
    /** A name, then points, first derivatives and second derivatives there. */
    private static final String EXACT = """
            silu
            -700.0 -37.0 -20.0 -5.0 -1.25 -0.5 0.0 0.5 1.0 3.0 20.0
            -6.891913904088079e-302 -3.071897145267863e-15 -3.9161918660646786e-08 -0.02654743242966592 0.0063191550846875815 0.2600388126973482 0.5 0.7399611873026518 0.9276705118714867 1.0881041060151697 1.0000000391619186
            -6.88205422754432e-302 -2.986566669010422e-15 -3.710076488101912e-08 -0.019499225490032506 0.22620474048075928 0.4412290269770286 0.5 0.4412290269770286 0.3023661188100153 -0.032321404521006174 -3.710076488101912e-08
            gelu
            -37.0 -20.0 -5.0 -1.25 -0.5 0.0 0.5 1.0 3.0 20.0
            -7.838298669418516e-297 -1.1014360483133464e-86 -7.146946001792295e-06 -0.12266158306942213 0.13250487534383715 0.5 0.8674951246561629 1.0833154705876864 1.011945647204184 1.0
            -2.898048955934136e-295 -2.1973374481395856e-85 -3.4194548838888845e-05 0.07990897485769709 0.6161143218375241 0.7978845608028654 0.6161143218375241 0.24197072451914334 -0.03102293888356605 -2.1973374481395856e-85
            geluTanh
            -20.0 -5.0 -1.25 -0.5 0.0 0.5 1.0 3.0 20.0
            -2.9424328724945027e-259 -1.5463619875325946e-06 -0.12249263224964864 0.1326300964653577 0.5 0.8673699035346423 1.0829640838457826 1.0115841666309697 1.0
            -2.5620732028460162e-257 -9.934132224996203e-06 0.08118097980488394 0.6155068951159849 0.7978845608028654 0.6155068951159849 0.24214819798377296 -0.031767658886074704 -2.5620732028460162e-257
            softsign
            -700.0 -37.0 -20.0 -5.0 -1.25 -0.5 0.0 0.5 1.0 3.0 20.0
            2.03499789377718e-06 0.0006925207756232687 0.0022675736961451248 0.027777777777777776 0.19753086419753085 0.4444444444444444 1.0 0.4444444444444444 0.25 0.0625 0.0022675736961451248
            5.805985431603937e-09 3.644846187490888e-05 0.00021595939963286903 0.009259259259259259 0.1755829903978052 0.5925925925925926 0.0 -0.5925925925925926 -0.25 -0.03125 -0.00021595939963286903
            """;

    record Row(String name, List<Double> at, List<Double> first, List<Double> second) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        List<String> lines = EXACT.lines().toList();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 4) {
            rows.add(new Row(
                    lines.get(i), numbers(lines.get(i + 1)), numbers(lines.get(i + 2)), numbers(lines.get(i + 3))));
        }
        return rows;
    }

    private static List<Double> numbers(String line) {
        return Splitter.on(' ').splitToStream(line).map(Double::valueOf).toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void slopesAreExactToTwelveDigitsAndToTheirLastWhereTheyCancel(Row row) {
        Parameter x = Parameter.of(
                NDArray.of(row.at.stream().mapToDouble(Double::doubleValue).toArray()));
        Tensor first = Gradients.of(Functions.apply(row.name, List.of(x)).sum()).wrt(x);
        Tensor second = Gradients.of(first.sum()).wrt(x);
        near(row, first, row.first);
        near(row, second, row.second);
    }

    private static void near(Row row, Tensor found, List<Double> exact) {
        for (int i = 0; i < exact.size(); i++) {
            double cancelled = row.at.get(i) > -5 ? 4e-16 : 0;
            assertThat(Math.abs(found.value().get(i) - exact.get(i)))
                    .as(
                            "%s at %s: %s, exactly %s",
                            row, row.at.get(i), found.value().get(i), exact.get(i))
                    .isLessThanOrEqualTo(1e-12 * Math.abs(exact.get(i)) + cancelled);
        }
    }
}
