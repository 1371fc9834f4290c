package dev.clew.examples.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page that may show code.
 *
 * @param name of the class, of {@code package-info} with its package, or of the Markdown file
 * @param samples in the order in which they stand
 */
record SampledPage(String name, Path file, List<CodeSample> samples) {
    static final Path ROOT = Path.of(System.getProperty("basedir", ""), "..");

    private static final List<String> MODULES = List.of("core", "nn", "examples");

    /** Whose code others look at: README's programs are whole, and run by {@code ReadmeTest}; CONTRIBUTING shows lines of tables. */
    private static final List<String> OTHERS = List.of("README.md", "CONTRIBUTING.md");

    private static final Pattern PREFORMATTED = Pattern.compile("(?s)<pre>(.*?)</pre>");

    /** The pages of all Java sources, also of those that are not exported. */
    static List<SampledPage> ofJavadoc() {
        return MODULES.stream().flatMap(SampledPage::ofJavadoc).toList();
    }

    private static Stream<SampledPage> ofJavadoc(String module) {
        Path sources = ROOT.resolve(module).resolve(Path.of("src", "main", "java"));
        return files(sources, Integer.MAX_VALUE, ".java")
                .map(file -> new SampledPage(name(sources, file), file, CodeSample.ofJavadoc(text(file))));
    }

    private static String name(Path sources, Path file) {
        return sources.relativize(file).toString().replaceAll("\\.java$", "").replaceAll("[/\\\\]", ".");
    }

    /** Those whose samples are run as samples. */
    static List<SampledPage> ofMarkdown() {
        return markdown().stream()
                .filter(file -> !OTHERS.contains(file.getFileName().toString()))
                .map(file -> new SampledPage(file.getFileName().toString(), file, CodeSample.ofMarkdown(text(file))))
                .toList();
    }

    /** All Markdown files: at the top, of the modules, and among their sources. */
    static List<Path> markdown() {
        Stream<Path> top = Stream.concat(Stream.of(ROOT), MODULES.stream().map(ROOT::resolve))
                .flatMap(folder -> files(folder, 1, ".md"));
        Stream<Path> below = MODULES.stream()
                .flatMap(module ->
                        files(ROOT.resolve(module).resolve(Path.of("src", "main")), Integer.MAX_VALUE, ".md"));
        return Stream.concat(top, below).toList();
    }

    private static Stream<Path> files(Path folder, int depth, String ending) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    List<CodeSample> in(String language) {
        return samples.stream().filter(each -> each.language().equals(language)).toList();
    }

    /** Whether who uses the library sees it. */
    boolean isPublic() {
        return !name.contains(".internal.");
    }

    /** The lines of preformatted text that end as those of Java code do. */
    List<String> linesOfCode() {
        return PREFORMATTED
                .matcher(text(file))
                .results()
                .flatMap(text -> text.group(1).lines())
                .map(String::strip)
                .filter(line -> line.endsWith(";") || line.endsWith("{"))
                .toList();
    }
}
