package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.CharMatcher;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code OPERATIONS.md} says what the code says: its methods with their documentation, and the derivative of every operation,
 * printed from the graph that its rule builds. {@code mvn test -pl core -Dtest=OperationsTableTest -Dclew.writeOperations=true}
 * writes it anew.
 */
final class OperationsTableTest {
    private static final Path FILE = Path.of("OPERATIONS.md");
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "clew", "tensor");
    private static final Pattern METHOD = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+\\s+)*(?:default|public static) (?:Tensor|List<Tensor>|Ranked) (\\w+)\\(([^)]*)\\)",
            Pattern.DOTALL);
    private static final Pattern CHAPTER =
            Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*sealed interface Tensor", Pattern.DOTALL);

    @Test
    void theTableIsInStepWithTheCode() throws IOException {
        String table = table();
        if (Boolean.getBoolean("clew.writeOperations")) {
            Files.writeString(FILE, table);
        }
        assertThat(Files.readString(FILE))
                .as("write it anew: mvn test -pl core -Dtest=OperationsTableTest -Dclew.writeOperations=true")
                .isEqualTo(table);
    }

    private static String table() throws IOException {
        StringBuilder text = new StringBuilder("""
                # Operations

                Written by `OperationsTableTest` from the code; do not edit.
                """);
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("Tensor"))
                    .sorted()
                    .toList()) {
                chapter(Files.readString(file), text);
            }
        }
        text.append("""

                ## Derivatives

                What a cotangent ȳ of the result y contributes to each input; x is the only input, a, b, c are the first, second and
                third. `@` is the matrix product, [ ] is 1 where the condition holds and 0 elsewhere. No entry: no cotangent flows.

                | operation | contribution |
                |---|---|
                """);
        for (Object operation : OperationCases.registry()) {
            text.append(derivative(operation));
        }
        return text.toString();
    }

    private static void chapter(String source, StringBuilder text) {
        Matcher chapter = CHAPTER.matcher(source);
        String title = chapter.find() ? plain(chapter.group(1)) : "Making tensors, and joining them.";
        int sentence = title.indexOf('.');
        text.append("\n## ")
                .append(title, 0, sentence)
                .append(
                        title.length() > sentence + 1
                                ? "\n\n" + title.substring(sentence + 1).strip()
                                : "")
                .append("\n\n| method | meaning | shapes |\n|---|---|---|\n");
        Matcher method = METHOD.matcher(source);
        while (method.find()) {
            String all = plain(method.group(1));
            int at = all.indexOf("Shapes:");
            String meaning = at < 0 ? all : all.substring(0, at);
            String shapes = at < 0 ? "" : all.substring(at + "Shapes:".length());
            String arguments = method.group(3).replaceAll("\\s+", " ");
            text.append(row("`" + method.group(2) + "(" + arguments + ")`", meaning, shapes));
        }
    }

    /** Without the marks of Javadoc. */
    private static String plain(String javadoc) {
        return javadoc.replaceAll("(?s)\n\\s*\\* @.*", "")
                .replaceAll("\n\\s*\\*", " ")
                .replaceAll("\\{@literal (.*?)}", "$1")
                .replaceAll("\\{@(?:link|code) #?(.*?)}", "`$1`")
                .replaceAll("<p>", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** From the sample whose formula says most: without axes that have nothing to sum, and the like. */
    private static String derivative(Object operation) {
        String rule = "";
        for (OperationCases.Case one : OperationCases.all()) {
            String other = one.operation().equals(operation) ? String.join("; ", rules(one)) : "";
            boolean saysMore =
                    CharMatcher.is('(').countIn(other) > CharMatcher.is('(').countIn(rule);
            rule = rule.isEmpty() || saysMore ? other : rule;
        }
        String name = operation instanceof Class<?> type ? type.getSimpleName() : operation.toString();
        return row(name, rule);
    }

    private static List<String> rules(OperationCases.Case one) {
        List<Tensor> inputs = new ArrayList<>();
        for (NDArray input : one.inputs()) {
            inputs.add(input.dtype().isFloating() ? Parameter.of(input) : Tensor.of(input));
        }
        Tensor y = Graph.of(List.of(one.build().of(inputs))).nodes().stream()
                .filter(node -> OperationCases.operation(node.op()).equals(one.operation()))
                .findFirst()
                .orElseThrow();
        FormulaText formula = new FormulaText().name(y, "y");
        for (int i = 0; i < y.inputCount(); i++) {
            formula.name(y.input(i), name(y, i));
        }
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < y.inputCount(); i++) {
            if (y.dtype().isFloating() && y.input(i).dtype().isFloating() && y.op().passesGradient(i)) {
                Parameter yBar = Parameter.of(NDArray.full(1, y.dtype(), y.shape()));
                rules.add(name(y, i) + "̄ += " + formula.name(yBar, "ȳ").of(y.op().vjp(y, i, yBar)));
            }
        }
        return rules;
    }

    private static String name(Tensor y, int input) {
        return y.inputCount() == 1 ? "x" : Character.toString("abcdefgh".charAt(input));
    }

    private static String row(String... cells) {
        StringBuilder row = new StringBuilder("|");
        for (String cell : cells) {
            row.append(' ').append(cell.strip().replace("|", "\\|")).append(cell.isBlank() ? "|" : " |");
        }
        return row.append('\n').toString();
    }
}
