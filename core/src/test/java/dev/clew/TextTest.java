package dev.clew;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.clew.array.DType;
import dev.clew.compile.Plan;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is printed is worth reading, and printing never fails. */
final class TextTest {
    private static final Set<String> EXPORTED = Set.of(
            "dev.clew.array",
            "dev.clew.audit",
            "dev.clew.compile",
            "dev.clew.formula",
            "dev.clew.gradient",
            "dev.clew.tensor");

    @Test
    void everyPublicTypeThatHasInstancesSaysWhatItIs() {
        Set<String> silent = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.clew")) {
            if (EXPORTED.contains(type.getPackageName()) && isSeen(type) && hasInstances(type) && !hasText(type)) {
                silent.add(type.getName());
            }
        }
        assertThat(silent).as("types without a toString of their own").isEmpty();
    }

    /** Public, and nested in nothing that is not. */
    private static boolean isSeen(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(TextTest::isSeen).orElse(true);
    }

    /** Records and enums have a text as they are. */
    private static boolean hasInstances(JavaClass type) {
        return !type.isInterface()
                && !type.isRecord()
                && !type.isEnum()
                && !type.isAnonymousClass()
                && type.getMethods().stream()
                        .anyMatch(method -> !method.getModifiers().contains(JavaModifier.STATIC)
                                && method.getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static boolean hasText(JavaClass type) {
        return type.getAllMethods().stream()
                .filter(method -> method.getName().equals("toString")
                        && method.getRawParameterTypes().isEmpty())
                .map(JavaMethod::getOwner)
                .anyMatch(owner -> !owner.isEquivalentTo(Object.class));
    }

    @Test
    void anInputOfAPlanHasNoNumbersAndSaysItsName() {
        Tensor x = Tensor.input("words", DType.I32, 2, 3);
        assertThat(x).hasToString("input \"words\" (2, 3) i32");
        assertThat(x.expandDims(0)).hasToString("reshape (1, 2, 3) i32");
        assertThat(Graph.of(List.of(x.expandDims(0)))).hasToString("Graph of 2 nodes");
    }

    @Test
    void aPlanSaysWhatItTakesGivesAndChanges() {
        Tensor x = Tensor.input("x", DType.F64, 2);
        Parameter w = Parameter.of(new double[] {1, 2});
        Plan plan = Plan.compile(List.of(x.times(w).sum()), Map.of(w, w.minus(x)));
        assertThat(plan.toString())
                .matches("Plan of input \"x\" \\(2\\) f64 -> reshape \\(\\) f64; changes parameter \\(2\\) f64;"
                        + " \\d+ records, \\d+ bytes");
        assertThat(plan.withNames(Map.of("cell.w", w)).toString()).contains("; changes cell.w; ");
        assertThat(Plan.compile(List.of(w.sum())).toString()).startsWith("Plan of no inputs -> reshape () f64; ");
    }
}
