package dev.clew.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in a module of its own: compiled here, and run in a layer above the one of these tests. */
class OpensTest {
    private static final String MODEL = """
            package user.model;
            import dev.clew.tensor.Parameter;
            public class Names implements java.util.function.Supplier<Object> {
                record Model(Parameter w) {}
                public Object get() {
                    return dev.clew.nn.Parameters.named(new Model(Parameter.of(1.0))).keySet();
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void packageThatIsNotOpenIsAnErrorThatSaysWhatToWrite() throws Exception {
        Supplier<Object> names = names("exports user.model;");
        assertThatThrownBy(names::get)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameters of user.model.Names$Model: its components cannot be read; write"
                        + " 'opens user.model to dev.clew.nn;' in the module-info.java of module user.module");
    }

    @Test
    void whatTheErrorSaysHelps() throws Exception {
        assertThat(names("exports user.model; opens user.model to dev.clew.nn;").get())
                .hasToString("[w]");
    }

    private Supplier<Object> names(String directives) throws Exception {
        Path classes = compiled("module user.module { requires dev.clew.nn; " + directives + " }");
        ModuleLayer parent = OpensTest.class.getModule().getLayer();
        Configuration configuration =
                parent.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("user.module"));
        ModuleLayer layer = parent.defineModulesWithOneLoader(configuration, OpensTest.class.getClassLoader());
        Object made = layer.findLoader("user.module")
                .loadClass("user.model.Names")
                .getConstructor()
                .newInstance();
        return () -> ((Supplier<?>) made).get();
    }

    private Path compiled(String module) throws Exception {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path classes = folder.resolve("classes");
        Path moduleInfo = Files.writeString(sources.resolve("module-info.java"), module);
        Path names = Files.writeString(sources.resolve("Names.java"), MODEL);
        StringWriter said = new StringWriter();
        int failed = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "-d",
                        classes.toString(),
                        "--module-path",
                        modulePath(),
                        moduleInfo.toString(),
                        names.toString());
        assertThat(failed).as(said.toString()).isZero();
        return classes;
    }

    /** Where the modules of these tests are. */
    private static String modulePath() {
        Stream<Module> modules = OpensTest.class.getModule().getLayer().modules().stream();
        return modules.flatMap(module -> module.getLayer().configuration().findModule(module.getName()).stream())
                .flatMap(module -> module.reference().location().stream())
                .filter(location -> location.getScheme().equals("file"))
                .map(location -> Path.of(location).toString())
                .distinct()
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }
}
