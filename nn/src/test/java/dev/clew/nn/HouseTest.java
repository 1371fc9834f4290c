package dev.clew.nn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What holds for every package of the module. */
class HouseTest {
    private static final JavaClasses CLASSES = imported();

    @Test
    void everyPackageIsNullMarked() {
        Set<String> packages = new HashSet<>();
        for (JavaClass each : CLASSES) {
            JavaPackage home = each.getPackage();
            packages.add(home.getName());
            assertThat(home.isAnnotatedWith(NullMarked.class))
                    .as(home.getName())
                    .isTrue();
        }
        assertThat(packages)
                .contains(
                        "dev.clew.nn",
                        "dev.clew.nn.credit",
                        "dev.clew.nn.data",
                        "dev.clew.nn.dataset",
                        "dev.clew.nn.decode",
                        "dev.clew.nn.layer",
                        "dev.clew.nn.loss",
                        "dev.clew.nn.metric",
                        "dev.clew.nn.onnx",
                        "dev.clew.nn.optimizer",
                        "dev.clew.nn.sequence",
                        "dev.clew.nn.training",
                        "dev.clew.nn.weight");
    }

    /** What is learnt from knows nothing of who learns. */
    @Test
    void dataKnowNoModels() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.clew.nn.data", "dev.clew.nn.dataset")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.clew.nn",
                        "dev.clew.nn.credit",
                        "dev.clew.nn.layer",
                        "dev.clew.nn.loss",
                        "dev.clew.nn.optimizer",
                        "dev.clew.nn.sequence")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.clew.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void layersCellsAndLossesDoNotKnowOptimizers() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.clew.nn",
                        "dev.clew.nn.credit",
                        "dev.clew.nn.decode",
                        "dev.clew.nn.layer",
                        "dev.clew.nn.loss",
                        "dev.clew.nn.metric",
                        "dev.clew.nn.sequence")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.clew.nn.optimizer")
                .check(CLASSES);
    }

    /** What is made of a trained model, and what is measured of one, serves any training. */
    @Test
    void metricsAndDecodingKnowNothingOfTraining() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.clew.nn.decode", "dev.clew.nn.metric", "dev.clew.nn.loss")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.clew.nn.training", "dev.clew.nn.data", "dev.clew.nn.optimizer")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("dev.clew.nn.loss", "dev.clew.nn.sequence", "dev.clew.nn.layer")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.clew.nn.decode", "dev.clew.nn.metric")
                .check(CLASSES);
    }

    /** Credit goes through any cell, so what drives cells, and the cells of the library, know nothing of it; nor it of those. */
    @Test
    void cellsAndLossesDoNotKnowCreditNorItThem() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.clew.nn",
                        "dev.clew.nn.decode",
                        "dev.clew.nn.layer",
                        "dev.clew.nn.loss",
                        "dev.clew.nn.metric",
                        "dev.clew.nn.optimizer",
                        "dev.clew.nn.sequence")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.clew.nn.credit")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.clew.nn.credit")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.clew.nn.layer", "dev.clew.nn.loss", "dev.clew.nn.optimizer")
                .check(CLASSES);
    }

    @Test
    void noTwoClassesOfDifferentRoomsBearOneName() {
        Set<String> names = new HashSet<>();
        assertThat(CLASSES.stream()
                        .filter(type ->
                                type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                        .filter(type -> !names.add(type.getSimpleName())))
                .isEmpty();
        assertThat(names).contains("Parameters", "Linear", "Losses", "Sgd");
    }

    /** Training knows all that it is made of, and nothing knows training. */
    @Test
    void trainingStandsAboveAllElse() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.clew.nn.training")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.clew.nn.training")
                .check(CLASSES);
    }

    /** But for the one class whose task it is to show training on the error stream. */
    @Test
    void nothingPrints() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Display")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAClassIs() {
        classes()
                .should()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .andShould()
                .haveSimpleNameNotStartingWith("Abstract")
                .andShould()
                .haveSimpleNameNotStartingWith("Base")
                .check(CLASSES);
    }

    private static JavaClasses imported() {
        return new ClassFileImporter().importPath(Path.of("target", "classes"));
    }
}
