package dev.clew.internal.compile;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.compile.run.RecordList;
import dev.clew.internal.compile.run.Tiers;
import dev.clew.internal.runtime.OtherJava;
import dev.clew.testing.Tries;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where generated code does not run, because the Vector API of the JVM is another one or because it defines no classes, plans compute
 * the same bits with plain code, and the log says so once.
 */
final class OtherVectorsTest {
    private static final String VECTORS = "jdk.incubator.vector";
    private static final String NOTICE = "Clew computes without vectors, for the same numbers";

    /** What the numbers are where everything is as it should be. */
    private static List<String> right = List.of();

    @TempDir
    static Path directory;

    @BeforeAll
    static void asItShouldBe() throws Exception {
        right = said();
        assertThat(right.getFirst()).matches("vector code: [1-9]\\d*");
        assertThat(right).noneMatch(line -> line.contains(NOTICE));
        assertThat(right.get(1)).contains("PLAIN");
        assertThat(right.get(2)).isEqualTo(right.get(1).replace("PLAIN", "VECTOR"));
    }

    @Test
    void aVectorApiThatHasAnotherShapeIsNotUsed() throws Exception {
        assumeTrue(Tries.FACTOR > 1, "one method that is missing is enough for the short run");
        isPlain(without(VECTORS, "jdk.incubator.vector.VectorShape", "preferredShape"), "preferredShape");
    }

    @Test
    void aVectorApiThatLacksAnOperationIsNotUsed() throws Exception {
        isPlain(without(VECTORS, "jdk.incubator.vector.DoubleVector", "lanewise"), "DoubleVector.lanewise");
    }

    @Test
    void aVectorApiThatLacksAMethodOfItsInterfacesIsNotUsed() throws Exception {
        assumeTrue(Tries.FACTOR > 1, "one method that is missing is enough for the short run");
        isPlain(without(VECTORS, "jdk.incubator.vector.VectorSpecies", "vectorType"), "VectorSpecies.vectorType");
    }

    @Test
    void aJvmThatDefinesNoHiddenClassesRunsPlainCode() throws Exception {
        Path patch = patch(
                "java.base",
                "java.lang.invoke.MethodHandles$Lookup",
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("defineHiddenClass"), new Refusing()));
        isPlain("--patch-module=java.base=" + patch, "no classes are defined here");
    }

    @Test
    void aNativeImageRunsPlainCodeAndSaysNothing() throws Exception {
        List<String> said = said("-Dorg.graalvm.nativeimage.imagecode=runtime");
        assertThat(said.getFirst()).isEqualTo("vector code: 0");
        assertThat(said.subList(1, said.size())).isEqualTo(right.subList(1, right.size()));
    }

    /** Throws at once where no options are given; Java itself gives some, for its switches. */
    private static final class Refusing implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            ClassDesc error = ClassDesc.of("java.lang.UnsupportedOperationException");
            Label goesOn = code.newLabel();
            code.aload(code.parameterSlot(2))
                    .arraylength()
                    .ifne(goesOn)
                    .new_(error)
                    .dup()
                    .ldc("no classes are defined here")
                    .invokespecial(error, INIT_NAME, MethodTypeDesc.of(CD_void, CD_String))
                    .athrow()
                    .labelBinding(goesOn);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
        }
    }

    private static void isPlain(String patch, String why) throws Exception {
        List<String> said = new ArrayList<>(said(patch));
        List<String> notices =
                said.stream().filter(line -> line.contains(NOTICE)).toList();
        assertThat(notices)
                .as(String.join("\n", said))
                .singleElement()
                .asString()
                .contains(why);
        said.removeAll(notices);
        assertThat(said.getFirst()).isEqualTo("vector code: 0");
        assertThat(said.subList(1, said.size())).isEqualTo(right.subList(1, right.size()));
    }

    /** A class without its methods of a name, as an option for the JVM. */
    private static String without(String module, String type, String name) throws IOException {
        ClassTransform dropping = ClassTransform.dropping(element ->
                element instanceof MethodModel method && method.methodName().equalsString(name));
        return "--patch-module=" + module + "=" + patch(module, type, dropping);
    }

    private static Path patch(String module, String type, ClassTransform change) throws IOException {
        String file = type.replace('.', '/') + ".class";
        Path original = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module, file);
        Path root = Files.createTempDirectory(directory, "patch");
        Path changed = root.resolve(file);
        Files.createDirectories(changed.getParent());
        ClassFile classes = ClassFile.of();
        Files.write(changed, classes.transformClass(classes.parse(Files.readAllBytes(original)), change));
        return root;
    }

    private static List<String> said(String... options) throws Exception {
        List<String> all = new ArrayList<>(Arrays.asList(options));
        Path logging = Files.writeString(directory.resolve("logging.properties"), """
                handlers = java.util.logging.ConsoleHandler
                java.util.logging.SimpleFormatter.format = %5$s %6$s%n
                """);
        all.add("-Djava.util.logging.config.file=" + logging);
        all.addAll(List.of("-Dclew.verify=true", "--add-modules", VECTORS));
        return OtherJava.run(OtherVectorsTest.class, all.toArray(String[]::new))
                .lines()
                .filter(line -> !line.startsWith("WARNING: ") && !line.isBlank())
                .sorted((a, b) -> Boolean.compare(a.contains(NOTICE), b.contains(NOTICE)))
                .toList();
    }

    /** Prints how many records are vector code and digests of what plans give. */
    public static void main(String[] arguments) {
        List<String> lines = new ArrayList<>();
        int vectors = 0;
        for (String name : List.of("RNN", "LSTM")) {
            for (DType type : new DType[] {DType.F64, DType.F32}) {
                Descent descent = Descent.of(Nets.net(name, Nets.ofSize(type, 1, 8, 16), 2));
                CompiledProgram code = descent.compiled();
                vectors += Tiers.vectors(code.drafts().stream()
                        .map(draft -> draft.maker().make(RecordDraft.Form.VECTOR))
                        .toList());
                for (RecordDraft.Form form : RecordDraft.Form.values()) {
                    RecordList records = RecordList.of(code.drafts(), form);
                    List<NDArray> trained = descent.byHand(code, 2, records::run, _ -> {});
                    lines.add(name + " " + type + " " + form + " "
                            + BitsTest.bits(trained).hashCode());
                }
                Nets.Net net = Nets.net(name, Nets.ofSize(type, 1, 8, 16), 2);
                List<NDArray> front = new CompilingEvaluator().evaluate(net.values());
                lines.add(name + " " + type + " " + BitsTest.bits(front).hashCode());
            }
        }
        System.out.println("vector code: " + vectors);
        lines.forEach(System.out::println);
    }
}
