package dev.clew.internal.runtime.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clew.internal.runtime.OtherJava;
import dev.clew.testing.Tries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the second compiler makes of tiles and copies: the loop in machine code, and how much it has to read for it. */
final class ProductLoopsTest {
    /** After so many it delays calls, and what they are given becomes objects; see {@link ProductTileCode}. */
    private static final int MOST_NODES = 18_000;

    private static final Pattern NODES = Pattern.compile("<parse_done nodes='(\\d+)'.*");

    /** Only what the second compiler makes: the first one's code is twenty times as long. */
    private static final String PRINT = "[{match: [\"*ProductTileCode*.*\"], c2: {PrintAssembly: true}}]";

    @TempDir
    private Path directory;

    /** Two options make this machine do as others: with 16 vector registers, and with what is only Intel's default. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseFPUForSpilling", "-XX:-UseFPUForSpilling", "-XX:UseAVX=2"})
    void aTileIsInlinedAtOnceAndItsLoopKeepsAllInRegisters(String option) throws Exception {
        assumeTrue(
                option.equals("-XX:+UseFPUForSpilling") || Tries.FACTOR > 1,
                "the options under which C2 does less harm are for the long run");
        Path log = directory.resolve("log");
        Path print = Files.writeString(directory.resolve("print"), PRINT);
        String said = OtherJava.run(
                ProductLoops.class,
                "--add-modules=jdk.incubator.vector",
                "-Xbatch",
                "-XX:Tier4InvocationThreshold=500",
                "-XX:Tier4MinInvocationThreshold=300",
                "-XX:Tier4CompileThreshold=1000",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+LogCompilation",
                "-XX:LogFile=" + log,
                "-XX:CompilerDirectivesFile=" + print,
                option);
        assertInlinedAtOnce(log);
        assertAllInRegisters(said, option);
    }

    /** Moves between general and vector registers take the turns of multiplications, and what lies on the stack is fetched and put there in each step. */
    private void assertAllInRegisters(String said, String option) throws Exception {
        assumeTrue(MachineCode.canBeRead(), "machine code is read by objdump, on x86-64: one of them is not there");
        List<MachineCode> methods = MachineCode.of(said, directory);
        assumeTrue(!methods.isEmpty(), "the JVM prints no machine code");
        int loops = 0;
        for (MachineCode method : methods) {
            List<String> loop = method.loop("vfmadd");
            loops += loop.isEmpty() ? 0 : 1;
            assertThat(loop)
                    .as(method.method() + " with " + option)
                    .noneMatch(instruction -> instruction.matches("vmov[dq]\\s.*") || instruction.contains("(%rsp"));
        }
        assertThat(loops).isGreaterThanOrEqualTo(12);
    }

    private static void assertInlinedAtOnce(Path log) throws IOException {
        String method = null;
        boolean late = false;
        int methods = 0;
        for (String line : Files.readAllLines(log)) {
            Matcher nodes = NODES.matcher(line);
            if (line.startsWith("<task ")) {
                boolean ours = line.contains("$$Tile") || line.contains("$$Copy");
                method = ours && !line.contains("level='") ? line : null;
                late = false;
                methods += method == null ? 0 : 1;
            } else if (line.startsWith("<late_inline")) {
                late = true;
            } else if (method != null && !late && nodes.matches()) {
                assertThat(Integer.parseInt(nodes.group(1))).as(method).isLessThan(MOST_NODES);
            }
        }
        assertThat(methods).isGreaterThanOrEqualTo(30);
    }
}
