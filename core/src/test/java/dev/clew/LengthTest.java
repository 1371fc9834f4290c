package dev.clew;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** That methods fit a screen and files a sitting, in all modules. What says why (comments), and empty lines, are not counted. */
final class LengthTest {
    private static final int MOST_OF_A_METHOD = 30;
    private static final int MOST_OF_A_FILE = 400;
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");

    /** Longer methods, and why they are. */
    private static final Map<String, String> LONG_METHODS = Map.of();

    /** Longer files, and why they are. */
    private static final Map<String, String> LONG_FILES = Map.of();

    private static List<Path> sources() {
        return Stream.of("core", "nn", "examples")
                .map(module -> Path.of("..", module, "src", "main", "java"))
                .flatMap(LengthTest::javaFiles)
                .toList();
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static int lines(String code) {
        return (int) COMMENT.matcher(code)
                .replaceAll("")
                .lines()
                .filter(line -> !line.isBlank())
                .count();
    }

    @Test
    void methodsFitAScreen() throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Methods(unit, positions, found).scan(unit, null);
            }
        }
        assertThat(found).hasSizeGreaterThan(2000);
        assertThat(longer(found, MOST_OF_A_METHOD)).isEqualTo(LONG_METHODS.keySet());
    }

    @Test
    void filesFitASitting() throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        for (Path source : sources()) {
            found.put(source.getFileName().toString(), lines(Files.readString(source)));
        }
        assertThat(longer(found, MOST_OF_A_FILE)).isEqualTo(LONG_FILES.keySet());
    }

    private static Object longer(Map<String, Integer> lines, int most) {
        Map<String, Integer> longer = new TreeMap<>(lines);
        longer.values().removeIf(count -> count <= most);
        return longer.keySet();
    }

    /** The lines of every method, from its name to its last brace. */
    private static final class Methods extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Map<String, Integer> found;
        private final String source;

        Methods(CompilationUnitTree unit, SourcePositions positions, Map<String, Integer> found) throws IOException {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
            this.source = unit.getSourceFile().getCharContent(true).toString();
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            if (method.getBody() != null) {
                long start = positions.getStartPosition(unit, method);
                long end = positions.getEndPosition(unit, method);
                found.merge(
                        name(method), lines(source.substring(Math.toIntExact(start), Math.toIntExact(end))), Math::max);
            }
            return super.visitMethod(method, null);
        }

        private String name(MethodTree method) {
            Tree owner = getCurrentPath().getParentPath().getLeaf();
            return unit.getPackageName() + "." + (owner instanceof ClassTree type ? type.getSimpleName() : "") + "."
                    + method.getName();
        }
    }
}
