package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.testing.Tries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What plain loops over time become, in numbers. After a change that is meant, write the table anew with {@code
 * -Dclew.writeGoldens=true} and read the difference.
 */
final class SchedulesTest {
    private static final int STEPS = Tries.longer(9);
    private static final String TABLE = "schedules.txt";
    private static final Path SOURCE = Path.of("src/test/resources/dev/clew/internal/compile", TABLE);

    /** What a plan is made of. */
    private record Counts(long products, long loops, long copies, long fallbacks, long bytes) {
        static Counts of(String net, int steps) {
            Nets.Net made = Nets.net(net, new Nets(DType.F64, 1), steps);
            CompiledProgram code = Compiler.compile(Capture.of(made.outputs()).program(), Compiler.ALL);
            return new Counts(
                    starting(code, "product"),
                    starting(code, "loop"),
                    code.emitted().copies(),
                    code.drafts().stream().filter(Counts::isFallback).count(),
                    code.bytes());
        }

        private static long starting(CompiledProgram code, String word) {
            return code.drafts().stream()
                    .filter(draft -> draft.text().startsWith(word))
                    .count();
        }

        private static boolean isFallback(RecordDraft draft) {
            return draft.maker()
                    .make(RecordDraft.Form.PLAIN)
                    .getClass()
                    .getSimpleName()
                    .startsWith("Fallback");
        }

        /** Of one step more. */
        Counts minus(Counts less) {
            return new Counts(
                    products - less.products,
                    loops - less.loops,
                    copies - less.copies,
                    fallbacks - less.fallbacks,
                    bytes - less.bytes);
        }
    }

    private static String line(String net, int steps) {
        Counts counts = Counts.of(net, steps);
        return String.format(
                Locale.ROOT,
                "%-36s%5d%10d%8d%8d%11d%9d",
                net,
                steps,
                counts.products,
                counts.loops,
                counts.copies,
                counts.fallbacks,
                counts.bytes);
    }

    @Test
    void schedulesAreAsInTheTable() throws IOException {
        StringBuilder table = new StringBuilder(
                "network                             steps  products   loops  copies  " + "fallbacks    bytes\n");
        for (String net : new TreeSet<>(Nets.all().keySet())) {
            for (int steps : net.equals("RNN") ? new int[] {8, 26} : new int[] {8, 64}) {
                table.append(line(net, steps)).append('\n');
            }
        }
        if (Boolean.getBoolean("clew.writeGoldens")) {
            Files.createDirectories(SOURCE.getParent());
            Files.writeString(SOURCE, table);
        }
        assertThat(table.toString().lines()).containsExactlyElementsOf(table());
    }

    private static List<String> table() {
        if (Boolean.getBoolean("clew.writeGoldens")) {
            return lines(SOURCE);
        }
        try (InputStream in = SchedulesTest.class.getResourceAsStream(TABLE)) {
            assertThat(in).as(TABLE).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    @Test
    void productsAreAsFewAsAnExpertNeeds() {
        // One per step forward and backward, and one each for inputs, readouts, their gradient, and three weights.
        int steps = Tries.longer(32);
        assertThat(Counts.of("RNN", steps).products).isEqualTo(steps + steps - 1 + 6);
        assertThat(Counts.of("LSTM", steps).products).isEqualTo(steps + steps - 1 + 6);
    }

    @Test
    void nothingIsMovedThatCouldHaveBeenComputedInItsPlace() {
        for (String net : Nets.all().keySet()) {
            assertThat(Counts.of(net, STEPS).copies).as(net).isZero();
        }
    }

    @Test
    void aStepOfGatesIsOneLoopForwardAndOneBackward() {
        for (String net : new String[] {"LSTM", "tide"}) {
            Counts step = Counts.of(net, STEPS).minus(Counts.of(net, STEPS - 1));
            assertThat(step.products).as(net).isEqualTo(2);
            assertThat(step.loops).as(net).isEqualTo(2);
        }
    }

    @Test
    void aNormOfRowsIsOneLoopWithAllAroundIt() {
        String net = "minimal gated unit with layer norm";
        Counts step = Counts.of(net, STEPS).minus(Counts.of(net, STEPS - 1));
        assertThat(step.products).isEqualTo(4);
        assertThat(step.loops).isEqualTo(4);
    }

    @Test
    void noSourceOfTheCompilerKnowsANetworkByName() throws IOException {
        Pattern names = Pattern.compile(
                "(?i)rnn|lstm|\\bgru|elman|jordan|\\bgated\\b|\\bcells?\\b|highway|encoder|bidirectional");
        for (String folder : List.of("compile", "runtime")) {
            try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/clew/internal", folder))) {
                List<Path> sources = files.filter(Files::isRegularFile).toList();
                assertThat(sources)
                        .isNotEmpty()
                        .allSatisfy(source -> assertThat(lines(source))
                                .as(source.toString())
                                .noneMatch(line -> names.matcher(line).find()));
            }
        }
    }
}
