package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page of {@link Tensor} lists its methods by chapter, in a table of its source. Who adds a method lists it there: a link with the types
 * of its parameters, and its name.
 */
final class TensorPageTest {
    private static final Path SOURCE = Path.of("src", "main", "java", "dev", "clew", "tensor", "Tensor.java");
    private static final Pattern LINK = Pattern.compile("\\{@link #(\\w+)\\(([^)]*)\\) (\\w+)}");

    /** Methods with a name of their own: of the class, or of an instance. */
    private static String name(Method method) {
        return Modifier.isStatic(method.getModifiers()) ? "Tensor." + method.getName() : method.getName();
    }

    private static Stream<Method> methods() {
        return Arrays.stream(Tensor.class.getMethods())
                .filter(method -> !method.isSynthetic() && method.getDeclaringClass() != Object.class)
                .filter(method -> !method.getName().equals("toString"));
    }

    private static String types(Method method) {
        String types = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return method.isVarArgs() ? types.replaceAll("\\[]$", "...") : types;
    }

    private static String table() throws IOException {
        String source = Files.readString(SOURCE).replaceAll("\n \\*", "");
        int from = source.indexOf("<h2 id=\"methods\">");
        return source.substring(from, source.indexOf("</table>", from));
    }

    private static List<String> listed() throws IOException {
        List<String> listed = new ArrayList<>();
        Matcher link = LINK.matcher(table());
        while (link.find()) {
            assertThat(link.group(3)).as(link.group()).isEqualTo(link.group(1));
            listed.add(methods()
                    .filter(method -> method.getName().equals(link.group(1)))
                    .filter(method -> types(method).equals(link.group(2)))
                    .map(TensorPageTest::name)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no method " + link.group())));
        }
        return listed;
    }

    @Test
    void everyMethodStandsInOneChapter() throws IOException {
        Set<String> missing = methods().map(TensorPageTest::name).collect(Collectors.toCollection(TreeSet::new));
        List<String> listed = listed();
        assertThat(listed).doesNotHaveDuplicates();
        missing.removeAll(listed);
        assertThat(missing)
                .as("methods that are missing in the table \"Methods, by chapter\" of Tensor's Javadoc")
                .isEmpty();
    }

    @Test
    void everyChapterHasMethods() throws IOException {
        assertThat(table().split("<tbody>", 2)[1].split("<tr>"))
                .filteredOn(row -> !row.isBlank())
                .hasSizeGreaterThan(10)
                .allSatisfy(row -> assertThat(row).containsPattern(LINK));
    }
}
