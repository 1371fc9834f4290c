package dev.clew;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The house: dependencies run one way, null does not exist, names mean something. */
final class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.clew");

    @Test
    void theRulesLookAtSomething() {
        assertThat(MAIN.stream().map(JavaClass::getSimpleName)).contains("NDArray", "Tensor", "Gradients");
    }

    @Test
    void dependenciesRunOneWay() {
        noClasses()
                .that()
                .resideInAPackage("dev.clew.array..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.clew.formula..", "dev.clew.tensor..", "dev.clew.gradient..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("dev.clew.formula..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.clew.tensor..", "dev.clew.gradient..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("dev.clew.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.clew.gradient..")
                .check(MAIN);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.clew.audit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.clew.audit..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("dev.clew.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.clew.tensor..", "dev.clew.compile..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAnyPackage("dev.clew.tensor..", "dev.clew.gradient..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.clew.runtime..", "dev.clew.compile..")
                .check(MAIN);
        slices().matching("dev.clew.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void everyPackageIsNullMarked() throws Exception {
        Set<String> packages =
                MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        assertThat(packages).contains("dev.clew.array", "dev.clew.tensor", "dev.clew.gradient");
        for (String name : packages) {
            assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
                    .as(name)
                    .isTrue();
        }
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
