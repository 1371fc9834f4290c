package dev.clew.examples.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The samples of a page within their surroundings: a program as {@code java Hello.java} runs it, in which the line {@code // sample 1}
 * stands for the first sample.
 */
record SampleProgram(SampledPage page, Path surroundings) {
    static final Path SURROUNDINGS = Path.of("src", "test", "samples");

    private static final Pattern PLACE = Pattern.compile("(?m)^ *// sample (\\d+)\\n");
    private static final Pattern IMPORT = Pattern.compile("(?m)^ *(import [^;]*;)\\n");
    /** What every program sees, besides {@code java.base} and, before that, the packages that the library exports. */
    private static final String IMPORTS = """
            import static org.assertj.core.api.Assertions.*;
            import org.assertj.core.api.Assertions;
            """;

    static SampleProgram of(SampledPage page) {
        return new SampleProgram(
                page, SampledPage.ROOT.resolve("examples").resolve(SURROUNDINGS).resolve(page.name() + ".java"));
    }

    /** Where a writer finds the surroundings, or has to put them. */
    String place() {
        return "examples/" + SURROUNDINGS.toString().replace('\\', '/') + "/" + surroundings.getFileName();
    }

    boolean hasSurroundings() {
        return Files.exists(surroundings);
    }

    String className() {
        return page.name().replaceAll("\\W", "_");
    }

    /** Which samples have a place, in its order. */
    List<Integer> placed() throws IOException {
        return PLACE.matcher(Files.readString(surroundings))
                .results()
                .map(place -> Integer.valueOf(place.group(1)))
                .toList();
    }

    List<Integer> expected() {
        return IntStream.rangeClosed(1, page.in("java").size()).boxed().toList();
    }

    /** Whether there are surroundings, in which each sample has one place. */
    boolean isComplete() throws IOException {
        return hasSurroundings() && placed().stream().sorted().toList().equals(expected());
    }

    /** Files that it names are in a folder of its own, since all programs run in one JVM, whose folder is another. */
    void write(Path sources, List<String> packages) throws IOException {
        String code = PLACE.matcher(Files.readString(surroundings))
                .replaceAll(place -> Matcher.quoteReplacement(page.in("java")
                        .get(Integer.parseInt(place.group(1)) - 1)
                        .code()));
        String imports = IMPORT.matcher(code)
                .results()
                .map(each -> each.group(1))
                .distinct()
                .collect(Collectors.joining("\n", "", "\n"));
        String exported =
                packages.stream().map(name -> "import " + name + ".*;").collect(Collectors.joining(" "));
        Path folder = Files.createDirectories(sources.resolve(className()));
        String source = imports
                + IMPORTS
                + exported
                + "\n\n"
                + IMPORT.matcher(code)
                        .replaceAll("")
                        .replace("Path.of(\"", "Path.of(\"" + folder.toString().replace('\\', '/') + "\", \"");
        Files.writeString(sources.resolve(className() + ".java"), source);
    }

    /** Runs it, and gives the lines that it prints. */
    List<String> run(ClassLoader classes) throws Exception {
        Constructor<?> constructor = classes.loadClass(className()).getDeclaredConstructor();
        constructor.setAccessible(true);
        Method main = constructor.getDeclaringClass().getDeclaredMethod("main");
        main.setAccessible(true);
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            main.invoke(constructor.newInstance());
        } catch (InvocationTargetException error) {
            throw new AssertionError(
                    "a sample of " + page.file() + " in " + place() + ": " + error.getCause(), error.getCause());
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
