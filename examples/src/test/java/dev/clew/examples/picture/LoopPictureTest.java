package dev.clew.examples.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.gradient.Gradients;
import dev.clew.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopPictureTest {
    private static final Path DRAWN = Path.of(System.getProperty("basedir", ""), "..", ".github", "loop.svg");

    @TempDir
    Path directory;

    /** {@code -Dclew.writeGoldens=true} draws it anew. */
    @Test
    void thePictureOfTheReadmeIsTheOneThatIsDrawn() throws Exception {
        if (Boolean.getBoolean("clew.writeGoldens")) {
            LoopPicture.main(new String[] {DRAWN.toString()});
        }
        Path file = directory.resolve("loop.svg");
        LoopPicture.main(new String[] {file.toString()});
        assertThat(Files.readString(DRAWN)).isEqualTo(Files.readString(file));
    }

    /** Written once more, as the picture shows it, and every number that it names. */
    @Test
    void theLoopThatIsShownHasTheGradientThatIsDrawn() {
        UnrolledLoop drawn = UnrolledLoop.of(7);
        List<Tensor> x = drawn.steps().stream().map(UnrolledLoop.Step::x).toList();
        List<Tensor> y = drawn.steps().stream().map(UnrolledLoop.Step::y).toList();
        Tensor wx = drawn.leaves().wx();
        Tensor wh = drawn.leaves().wh();
        Tensor h = drawn.leaves().h();
        Tensor loss = Tensor.of(0.0);
        for (int t = 0; t < 3; t++) {
            h = x.get(t).matmul(wx).plus(h.matmul(wh)).tanh();
            loss = loss.plus(h.minus(y.get(t)).square().sum());
        }
        Gradients gradients = Gradients.of(loss);
        for (Tensor weight : List.of(wx, wh)) {
            double length = gradients.wrt(weight).square().sum().sqrt().item();
            assertThat(drawn.gradient(weight)).isCloseTo(length, within(1e-14));
            assertThat(LoopPicture.svg()).contains(String.format(Locale.ROOT, "= %.2f<", length));
        }
    }

    @Test
    void aFileIsNeeded() {
        assertThatThrownBy(() -> LoopPicture.main(new String[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a picture of a loop: one argument is needed, the file to write");
    }
}
