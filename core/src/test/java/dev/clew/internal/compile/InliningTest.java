package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.OtherJava;
import dev.clew.testing.Tries;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * C2 makes of every generated method what is meant, as it says itself in its log: it inlines all calls while it reads the method. Calls
 * that it leaves for later have lost the exact class of their vectors, which may then be objects for ever.
 */
final class InliningTest {
    /** HotSpot's limit is 18 000: that much is left for what another processor or version makes of the same code. */
    private static final int MOST_NODES = 15_000;

    /** Tiles and copies of products must not be cut as far: what they hold in registers they would read twice. */
    private static final int MOST_NODES_OF_PRODUCTS = 18_000;

    private static final Pattern TASK = Pattern.compile("<task compile_id.* method='(\\S+) (\\S+) ");
    private static final Pattern HIDDEN =
            Pattern.compile("dev\\.clew\\.internal\\.runtime\\.\\w+\\.(Generated|\\w+\\$\\$(Tile|Copy))/");
    private static final Pattern PARSED = Pattern.compile("<parse_done nodes='(\\d+)'");

    /** What C2 says of a generated method. */
    private static final class Compiled {
        private final String method;
        private int nodes;
        private boolean isRead;
        private boolean isLate;
        private int delayed;

        Compiled(String method) {
            this.method = method;
        }

        void take(String line) {
            Matcher parsed = PARSED.matcher(line);
            if (parsed.find() && !isRead) {
                nodes = Math.max(nodes, Integer.parseInt(parsed.group(1)));
            }
            // Intrinsics are always left for later, and so are calls of abstract methods, with the number 0.
            if (line.startsWith("<late_inline")) {
                isRead = true;
                isLate = !line.contains("inline_id='0'");
            } else if (line.startsWith("<parse method") && isLate) {
                delayed++;
                isLate = false;
            } else if (line.startsWith("<intrinsic")) {
                isLate = false;
            }
        }

        int most() {
            return method.contains(".kernel.") ? MOST_NODES : MOST_NODES_OF_PRODUCTS;
        }

        @Override
        public String toString() {
            return method + ": " + nodes + " nodes, " + delayed + " delayed";
        }
    }

    private static List<Compiled> compiled(Path log) throws IOException {
        List<Compiled> all = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
            Compiled now = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("<task ")) {
                    Matcher task = TASK.matcher(line);
                    boolean isGenerated =
                            task.find() && HIDDEN.matcher(task.group(1)).find();
                    now = isGenerated ? new Compiled(task.group(1) + "." + task.group(2)) : null;
                } else if (now != null) {
                    now.take(line);
                    if (line.startsWith("</task>")) {
                        all.add(now);
                        now = null;
                    }
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void noGeneratedMethodIsMoreThanC2InlinesAtOnce(int avx, @TempDir Path folder) throws Exception {
        assumeTrue(Machine.VECTOR_BITS > 256 || (Machine.VECTOR_BITS == 256 && avx == 0), "no such vectors");
        assumeTrue(avx == 0 || Tries.FACTOR > 1, "the machines that are not this one are for the long run");
        Path log = folder.resolve("compiled.xml");
        List<String> options = new ArrayList<>(List.of(
                "--add-modules=jdk.incubator.vector",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+LogCompilation",
                "-XX:LogFile=" + log,
                "-Xbatch",
                "-XX:Tier4InvocationThreshold=200",
                "-XX:Tier4MinInvocationThreshold=100",
                "-XX:Tier4CompileThreshold=200"));
        if (avx > 0) {
            options.add("-XX:UseAVX=" + avx);
        }
        OtherJava.run(NetsCode.class, options.toArray(new String[0]));
        List<Compiled> compiled = compiled(log);
        assertThat(compiled).hasSizeGreaterThan(100);
        assertThat(compiled)
                .filteredOn(each -> each.delayed > 0 || each.nodes >= each.most())
                .isEmpty();
    }
}
