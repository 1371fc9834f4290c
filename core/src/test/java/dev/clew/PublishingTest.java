package dev.clew;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What is published is complete: the descriptors have what Maven Central asks of each, and lists of modules and packages agree. */
final class PublishingTest {
    private static final Path ROOT = Path.of("..");

    /** A descriptor and where it stands. */
    private record Pom(Path folder, Document document) {
        static Pom of(Path folder) {
            try {
                Path file = folder.resolve("pom.xml");
                return new Pom(
                        folder,
                        DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(file.toFile()));
            } catch (Exception error) {
                throw new AssertionError("the descriptor of " + folder + " is not read", error);
            }
        }

        List<String> all(String path) {
            try {
                XPath query = XPathFactory.newInstance().newXPath();
                NodeList found = (NodeList) query.evaluate(path, document, XPathConstants.NODESET);
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < found.getLength(); i++) {
                    texts.add(found.item(i).getTextContent().strip());
                }
                return texts;
            } catch (XPathExpressionException error) {
                throw new AssertionError(path, error);
            }
        }

        String one(String path) {
            List<String> found = all(path);
            assertThat(found).as("%s of %s", path, folder).hasSize(1);
            return found.getFirst();
        }

        String name() {
            return one("/project/artifactId");
        }

        boolean isPublished() {
            return !all("/project/properties/maven.deploy.skip").contains("true");
        }

        boolean isJar() {
            return !all("/project/packaging").contains("pom");
        }
    }

    private static Pom root() {
        return Pom.of(ROOT);
    }

    private static List<Pom> modules() {
        List<Pom> modules = root().all("/project/modules/module").stream()
                .map(name -> Pom.of(ROOT.resolve(name)))
                .toList();
        assertThat(modules).hasSizeGreaterThan(3);
        return modules;
    }

    /** Where the parent says it, the modules inherit it as it stands: no name of a module is appended to an address. */
    @Test
    void theParentSaysWhatCentralAsksOfAllModules() {
        Pom root = root();
        for (String path : List.of(
                "name",
                "description",
                "url",
                "licenses/license/name",
                "licenses/license/url",
                "developers/developer/name",
                "developers/developer/url",
                "scm/connection",
                "scm/developerConnection",
                "scm/url",
                "@child.project.url.inherit.append.path",
                "scm/@child.scm.connection.inherit.append.path",
                "scm/@child.scm.developerConnection.inherit.append.path",
                "scm/@child.scm.url.inherit.append.path")) {
            assertThat(root.one("/project/" + path)).as(path).isNotBlank().isNotEqualTo("true");
        }
    }

    @Test
    void everyModuleHasANameADescriptionAndTheVersionOfTheParent() {
        String version = root().one("/project/version");
        for (Pom module : modules()) {
            assertThat(module.one("/project/name")).startsWith("Clew ");
            assertThat(module.one("/project/description")).endsWith(".");
            assertThat(module.one("/project/parent/version")).as(module.name()).isEqualTo(version);
            assertThat(module.all("/project/version")).as(module.name()).isEmpty();
        }
    }

    @Test
    void theBillOfMaterialsNamesEveryPublishedModuleAndNothingElse() {
        Set<String> published = modules().stream()
                .filter(module -> module.isPublished() && module.isJar())
                .map(Pom::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Pom bill = Pom.of(ROOT.resolve("nn/bom"));
        String managed = "/project/dependencyManagement/dependencies/dependency/";
        assertThat(bill.all(managed + "artifactId")).containsExactlyElementsOf(published);
        assertThat(bill.all(managed + "groupId")).containsOnly("dev.clew");
        assertThat(bill.all(managed + "version")).containsOnly("${project.version}");
        assertThat(root().all("/project/dependencyManagement"))
                .as("what the parent manages, whoever imports the bill gets too")
                .isEmpty();
    }

    @Test
    void whatIsNotPublishedIsLeftOutEverywhere() {
        List<String> left = modules().stream()
                .filter(module -> !module.isPublished())
                .map(Pom::name)
                .toList();
        assertThat(left).containsExactly("clew-examples");
        assertThat(root().all("//excludeArtifact")).isEqualTo(left);
        assertThat(root().all("//skippedModules")).isEqualTo(left);
    }

    /** The pages of Javadoc and the comparison with the last release go by this word. */
    @Test
    void aPackageIsExportedUnlessItIsCalledInternal() throws IOException {
        for (String module : List.of("core", "nn")) {
            Set<String> open = packages(module).stream()
                    .filter(name -> !List.of(name.split("\\.")).contains("internal"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(exported(module)).isEqualTo(open).hasSizeGreaterThan(5);
        }
    }

    @Test
    void theTableOfPackagesNamesAllThatUsersSee() throws IOException {
        Set<String> told = new TreeSet<>();
        for (String line : Files.readAllLines(ROOT.resolve("CONTRIBUTING.md"))) {
            if (line.startsWith("| `dev.clew.")) {
                String parent = "";
                for (String name : matches("`([\\w.]+)`", line.substring(1, line.indexOf('|', 1)))) {
                    String whole = name.startsWith(".") ? parent + name : name;
                    parent = whole.substring(0, whole.lastIndexOf('.'));
                    told.add(whole);
                }
            }
        }
        assertThat(told).containsAll(exported("core")).containsAll(exported("nn"));
    }

    private static Set<String> packages(String module) throws IOException {
        Path sources = ROOT.resolve(module).resolve("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> sources.relativize(file.getParent()).toString().replaceAll("[/\\\\]", "."))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> exported(String module) throws IOException {
        String descriptor = Files.readString(ROOT.resolve(module).resolve("src/main/java/module-info.java"));
        return new TreeSet<>(matches("exports ([\\w.]+);", descriptor));
    }

    private static List<String> matches(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
