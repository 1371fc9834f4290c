package dev.clew.examples.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.array.NDArray;
import dev.clew.nn.Parameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** That the code which the pages show is compiled and does what it says: the snippets of the Javadoc, and the blocks of Markdown. */
class SamplesTest {
    private static final List<SampledPage> PAGES = Stream.concat(
                    SampledPage.ofJavadoc().stream(), SampledPage.ofMarkdown().stream())
            .toList();

    private static final List<SampleProgram> PROGRAMS = PAGES.stream()
            .filter(page -> !page.in("java").isEmpty())
            .map(SampleProgram::of)
            .toList();

    /** Where those classes come from that samples see: the two modules, AssertJ, and what annotates the modules. */
    private static final List<Class<?>> SEEN =
            List.of(NDArray.class, Parameters.class, Assertions.class, CheckReturnValue.class, NullMarked.class);

    private static final Pattern EXPORTS = Pattern.compile("(?m)^ *exports ([\\w.]+);");

    private static final String PARSED = "parsed";
    private static final String PARSER = """
            import ast, sys
            for code in sys.argv[1:]:
                try:
                    ast.parse(code)
                except SyntaxError as error:
                    print(error, "in:", code)
            print("parsed")
            """;

    @TempDir
    static Path folder;

    // --------------------------------------------------------------------------------------------------------- in Java

    @Test
    void samplesAreShownToUsersAndHaveSurroundings() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (SampleProgram program : PROGRAMS) {
            Path file = program.page().file().normalize();
            if (!program.page().isPublic()) {
                wrong.add(file + " is internal, and its sample is not run: say it in words");
            } else if (!program.hasSurroundings()) {
                wrong.add(file + " has samples of which nobody knows where they run: write " + program.place()
                        + ", a program in whose main() the line \"// sample 1\" stands for the first");
            } else if (!program.isComplete()) {
                wrong.add(file + " has the samples " + program.expected() + ", and " + program.place() + " places "
                        + program.placed() + ": a line \"// sample 1\" stands for the first, and each has one place");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void surroundingsHaveSamples() throws IOException {
        Set<String> unused = new TreeSet<>();
        try (Stream<Path> files =
                Files.list(SampledPage.ROOT.resolve("examples").resolve(SampleProgram.SURROUNDINGS))) {
            files.forEach(file -> unused.add(file.getFileName().toString()));
        }
        PROGRAMS.forEach(
                program -> unused.remove(program.surroundings().getFileName().toString()));
        assertThat(unused)
                .as("surroundings of pages without samples: delete them")
                .isEmpty();
    }

    @Test
    void codeInJavadocIsInSnippets() {
        List<String> wrong = new ArrayList<>();
        PAGES.forEach(
                page -> page.linesOfCode().forEach(line -> wrong.add(page.file().normalize() + ": " + line)));
        assertThat(wrong)
                .as("lines of code in <pre>, which nobody runs: use {@snippet lang=java : ... }")
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> samplesRunAndPrintWhatTheySay() throws Exception {
        List<SampleProgram> programs = new ArrayList<>();
        for (SampleProgram program : PROGRAMS) {
            if (program.isComplete()) {
                programs.add(program);
            }
        }
        ClassLoader classes = compiled(programs);
        return programs.stream()
                .map(program -> dynamicTest(program.page().name(), () -> {
                    List<String> printed = program.run(classes);
                    for (CodeSample sample : program.page().in("java")) {
                        requirePrinted(program.page(), printed, sample.printed());
                    }
                }));
    }

    /** In that order, with others between them. */
    private static void requirePrinted(SampledPage page, List<String> printed, List<String> said) {
        if (!said.isEmpty()) {
            assertThat(printed)
                    .as("what a sample of %s prints", page.file().normalize())
                    .containsSubsequence(said);
        }
    }

    private static ClassLoader compiled(List<SampleProgram> programs) throws Exception {
        Path classes = folder.resolve("classes");
        List<String> arguments = new ArrayList<>(List.of(
                "-d", classes.toString(), "-proc:none", "-Werror", "-Xlint:deprecation,removal,rawtypes,unchecked"));
        arguments.addAll(List.of("-classpath", String.join(System.getProperty("path.separator"), places())));
        for (SampleProgram program : programs) {
            program.write(folder, exported());
            arguments.add(folder.resolve(program.className() + ".java").toString());
        }
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int result = ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        assertThat(result).as("javac of the samples: " + said).isZero();
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, SamplesTest.class.getClassLoader());
    }

    private static List<String> places() throws URISyntaxException {
        List<String> places = new ArrayList<>();
        for (Class<?> each : SEEN) {
            places.add(Path.of(each.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return places;
    }

    private static List<String> exported() throws IOException {
        List<String> packages = new ArrayList<>();
        for (String module : List.of("core", "nn")) {
            Path descriptor =
                    SampledPage.ROOT.resolve(module).resolve(Path.of("src", "main", "java", "module-info.java"));
            EXPORTS.matcher(Files.readString(descriptor)).results().forEach(each -> packages.add(each.group(1)));
        }
        return packages;
    }

    // ------------------------------------------------------------------------------------------------------- in Python

    /** What they import is not here, so they are not run; in one process, since it takes longer to start than to parse. */
    @Test
    void samplesInPythonAreOfItsGrammar() throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", "-c", PARSER));
        PAGES.forEach(page -> page.in("python").forEach(sample -> command.add(sample.code())));
        List<String> said = said(command);
        assumeTrue(said.contains(PARSED), () -> "python3 does not run: " + said);
        assertThat(said).isEqualTo(List.of(PARSED));
    }

    /** What a program prints, or why there is none. */
    private static List<String> said(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said.lines().toList();
        } catch (IOException error) {
            return List.of(error.toString());
        }
    }
}
