package dev.clew;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.clew.internal.tensor.Caller;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The house: dependencies run one way, null does not exist, names mean something. */
final class ArchitectureTest {
    private static final String ROOT = "dev.clew.";
    private static final String BACK = "internal.";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.clew");

    /**
     * The rooms from the ground up, and what each may know; {@code array} and {@code tensor} are each one room with their back room
     * under {@code internal}, which has what users do not see.
     */
    private static final Map<String, Set<String>> KNOWS = new TreeMap<>();

    private static void room(String name, String... knows) {
        for (String known : knows) {
            assertThat(KNOWS)
                    .as("%s, which %s knows, stands above it", known, name)
                    .containsKey(known);
        }
        KNOWS.put(name, Set.of(knows));
    }

    static {
        room("internal");
        room("internal.protobuf");
        room("array");
        room("io", "array", "internal.protobuf");
        room("internal.formula", "array");
        room("tensor", "array", "internal.formula");
        room("gradient", "array", "tensor");
        room("audit", "array", "tensor", "gradient");

        room("internal.flight");
        room("internal.runtime", "internal.flight");
        room("internal.runtime.kernel", "array", "internal.formula", "internal.runtime");
        room("internal.runtime.product", "array", "internal.runtime");
        room("internal.runtime.sweep", "array", "internal.runtime");
        room("internal.runtime.tune", "array", "internal.formula", "internal.runtime", "internal.runtime.kernel");

        room("internal.compile.program", "array", "tensor");
        room("internal.compile.rewrite", "array", "tensor", "internal.compile.program");
        room("internal.compile.remat", "array", "tensor", "internal.compile.program");
        room("internal.compile.schedule", "array", "tensor", "internal.compile.program");
        room(
                "internal.compile.layout",
                "array",
                "tensor",
                "internal.compile.program",
                "internal.runtime",
                "internal.runtime.sweep",
                "internal.runtime.tune");
        room(
                "internal.compile.emit",
                "array",
                "tensor",
                "internal.compile.program",
                "internal.compile.schedule",
                "internal.compile.layout",
                "internal.runtime",
                "internal.runtime.kernel",
                "internal.runtime.product",
                "internal.runtime.sweep",
                "internal.runtime.tune");
        room(
                "internal.compile.verify",
                "array",
                "tensor",
                "internal.compile.program",
                "internal.compile.schedule",
                "internal.compile.layout",
                "internal.compile.emit");
        room(
                "internal.compile",
                "internal.flight",
                "internal.compile.program",
                "internal.compile.rewrite",
                "internal.compile.remat",
                "internal.compile.schedule",
                "internal.compile.layout",
                "internal.compile.emit",
                "internal.compile.verify");
        room(
                "internal.compile.selfcheck",
                "array",
                "tensor",
                "internal.compile.program",
                "internal.compile.schedule",
                "internal.compile.layout",
                "internal.compile.emit",
                "internal.compile.verify",
                "internal.runtime");
        room(
                "internal.compile.run",
                "array",
                "tensor",
                "internal.compile",
                "internal.compile.program",
                "internal.compile.layout",
                "internal.compile.emit",
                "internal.compile.selfcheck",
                "internal.flight",
                "internal.runtime",
                "internal.runtime.kernel",
                "internal.runtime.tune");
        room(
                "plan",
                "array",
                "tensor",
                "internal.compile",
                "internal.compile.program",
                "internal.compile.layout",
                "internal.compile.emit",
                "internal.compile.run",
                "internal.runtime");
    }

    private static String roomOf(JavaClass type) {
        String name = type.getPackageName().substring(ROOT.length());
        return switch (name) {
            case BACK + "array" -> "array";
            case BACK + "audit" -> "audit";
            case BACK + "tensor" -> "tensor";
            default -> name;
        };
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(ROOT);
    }

    /** Which room knows which, with a class each that does. */
    private static Map<String, Map<String, String>> edges() {
        Map<String, Map<String, String>> edges = new TreeMap<>();
        MAIN.stream().filter(ArchitectureTest::isOurs).forEach(type -> {
            Map<String, String> own = edges.computeIfAbsent(roomOf(type), _ -> new TreeMap<>());
            type.getDirectDependenciesFromSelf().stream()
                    .filter(to -> isOurs(to.getTargetClass())
                            && !roomOf(to.getTargetClass()).equals(roomOf(type)))
                    .forEach(to -> own.put(roomOf(to.getTargetClass()), to.getDescription()));
        });
        return edges;
    }

    /**
     * Where memory that threads share is closed, the JVM stops all of them, and what touches memory goes on without compiled code: only
     * what is rarely given back may be such memory.
     */
    @Test
    void fewCloseMemoryThatThreadsShare() {
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("NativeMemory")
                .and()
                .haveSimpleNameNotStartingWith("Replay")
                .should()
                .callMethod(Arena.class, "ofShared")
                .check(MAIN);
    }

    @Test
    void everyRoomKnowsWhatItMayAndNothingElse() {
        Map<String, Map<String, String>> edges = edges();
        assertThat(edges.keySet()).isEqualTo(KNOWS.keySet());
        List<String> wrong = new ArrayList<>();
        edges.forEach((room, known) -> {
            known.forEach((other, how) -> {
                if (!KNOWS.get(room).contains(other)) {
                    wrong.add(room + " must not know " + other + ": " + how);
                }
            });
            KNOWS.get(room).stream()
                    .filter(other -> !known.containsKey(other))
                    .forEach(
                            other -> wrong.add(room + " may know " + other + ", and does not: take it from the table"));
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void noTwoClassesOfDifferentRoomsBearOneName() {
        Map<String, String> known = new HashMap<>();
        List<String> twice = new ArrayList<>();
        MAIN.stream()
                .filter(type -> isOurs(type)
                        && type.isTopLevelClass()
                        && !type.getSimpleName().equals("package-info"))
                .forEach(type -> {
                    String other = known.put(type.getSimpleName(), type.getName());
                    if (other != null) {
                        twice.add(other + " and " + type.getName());
                    }
                });
        assertThat(twice).isEmpty();
    }

    @Test
    void everyPackageIsNullMarkedAndIntroduced() throws Exception {
        for (String name : packages()) {
            assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
                    .as(name)
                    .isTrue();
        }
    }

    /** Who stands at the door of an inner room is told where to begin, and what everything is for. */
    @Test
    void thePageOfARoomNamesAllThatIsInIt() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (JavaClass type : MAIN) {
            String room = type.getPackageName();
            if (room.startsWith(ROOT + BACK)
                    && type.isTopLevelClass()
                    && !type.getSimpleName().equals("package-info")) {
                String page = Files.readString(Path.of("src/main/java", room.replace('.', '/'), "package-info.java"));
                if (!Pattern.compile("\\{@code[\\s*]+" + type.getSimpleName() + "}")
                        .matcher(page)
                        .find()) {
                    missing.add(type.getName());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void noLineOfTheLibraryIsTakenForTheUsers() {
        assertThat(packages())
                .allSatisfy(name ->
                        assertThat(Caller.isOurs(name + ".Any")).as(name).isTrue());
        assertThat(List.of("dev.clew.examples.Hello", "dev.clew.user.Any", "user.Model", "dev.clewis.tensor.Any"))
                .noneMatch(Caller::isOurs);
    }

    private static Set<String> packages() {
        Set<String> packages = MAIN.stream()
                .filter(ArchitectureTest::isOurs)
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(packages).contains("dev.clew.array", "dev.clew.tensor", "dev.clew.internal.compile.run");
        return packages;
    }

    @Test
    void noNameIsEmpty() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helper|Manager|Impl|Abstract|Base)(\\b|[A-Z$].*)")
                .check(MAIN);
    }

    @Test
    void nothingPrints() {
        noClasses().should().accessField(System.class, "out").check(MAIN);
        noClasses().should().accessField(System.class, "err").check(MAIN);
        noClasses().should().callMethod(Throwable.class, "printStackTrace").check(MAIN);
    }
}
