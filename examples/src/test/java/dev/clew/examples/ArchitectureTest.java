package dev.clew.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes =
            new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", ""), "target/classes"));

    @Test
    void whatIsWrittenByHandKnowsNothingOfClew() {
        classes()
                .that()
                .resideInAnyPackage("dev.clew.examples.byhand", "dev.clew.examples.notebook")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "org.jspecify..", "dev.clew.examples.byhand", "dev.clew.examples.notebook")
                .check(classes);
    }

    /** An example may call nothing that a user's own model could not call. */
    @Test
    void examplesUseOnlyWhatTheModulesExport() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.clew.examples", "dev.clew.examples.recurrence")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java..",
                        "org.jspecify..",
                        "picocli..",
                        "me.tongfei.progressbar..",
                        "com.google.common..",
                        "dev.clew.examples..",
                        "dev.clew.array",
                        "dev.clew.tensor",
                        "dev.clew.gradient",
                        "dev.clew.io",
                        "dev.clew.plan",
                        "dev.clew.nn..")
                .check(classes);
    }
}
