package dev.clew.internal.runtime;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;

/** What all generated classes have in common. */
public final class GeneratedClass {
    /** The class of memory beside the heap. */
    public static final Class<?> NATIVE = MemorySegment.NULL.getClass();

    private static final ClassDesc SEGMENT = ClassDesc.ofDescriptor(MemorySegment.class.descriptorString());
    private static final ClassDesc WRONG_RANGE = ClassDesc.of("java.lang.IndexOutOfBoundsException");

    private GeneratedClass() {}

    /** The name of generated classes that implement an interface: its neighbors, which see what it sees. */
    public static ClassDesc name(Class<?> implemented) {
        return ClassDesc.of(implemented.getPackageName(), "Generated");
    }

    /** A class that implements an interface and has a constructor without parameters. */
    public static byte[] write(Class<?> implemented, Consumer<ClassBuilder> members) {
        ClassFile.ClassHierarchyResolverOption resolver = ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofClassLoading(MethodHandles.lookup()));
        return ClassFile.of(resolver).build(name(implemented), type -> {
            open(type, implemented);
            members.accept(type);
        });
    }

    /** Begins a class that implements an interface and has a constructor without parameters. */
    public static void open(ClassBuilder type, Class<?> implemented) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withInterfaceSymbols(ClassDesc.ofDescriptor(implemented.descriptorString()))
                .withMethodBody(
                        INIT_NAME,
                        MTD_void,
                        ClassFile.ACC_PUBLIC,
                        init -> init.aload(0)
                                .invokespecial(CD_Object, INIT_NAME, MTD_void)
                                .return_());
    }

    /**
     * Checks that one {@code int} variable is not above another, and keeps C1 away: it does not compile a method in which an exception
     * handler is reached in another way too.
     *
     * <p>In long methods of the Vector API C1 runs out of registers. If that happens while it compiles the second time, with a
     * profile, the first, slow code stays for ever. So the interpreter makes the profile, and then C2 compiles.
     */
    public static void begin(CodeBuilder code, int from, int to) {
        Label start = code.newLabel();
        Label end = code.newLabel();
        Label handler = code.newLabel();
        Label right = code.newLabel();
        code.labelBinding(start);
        code.aload(0);
        code.invokevirtual(CD_Object, "getClass", MethodTypeDesc.of(CD_Class));
        code.pop();
        code.labelBinding(end);
        code.iload(from);
        code.iload(to);
        code.if_icmple(right);
        code.new_(WRONG_RANGE);
        code.dup();
        code.invokespecial(WRONG_RANGE, INIT_NAME, MTD_void);
        code.labelBinding(handler);
        code.athrow();
        code.labelBinding(right);
        code.exceptionCatch(start, end, handler, WRONG_RANGE);
    }

    /**
     * Goes through the elements of an array from one on, and does nothing with them. There are none but in trials: to the JVM every turn of
     * a loop counts like a call, and vectors take a thousand times as long until C2 has compiled them. C2 drops the loop.
     */
    public static void countTurns(CodeBuilder code, int array, int from, int counter) {
        code.loadConstant(from);
        code.istore(counter);
        loop(code, counter, 1, () -> code.aload(array).arraylength(), () -> {});
    }

    /** Runs a body as long as an {@code int} variable is below a limit, and adds {@code step} to the variable each time. */
    public static void loop(CodeBuilder code, int counter, int step, Runnable limit, Runnable body) {
        Label top = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(top);
        code.iload(counter);
        limit.run();
        code.if_icmpge(done);
        body.run();
        code.iinc(counter, step);
        code.goto_(top);
        code.labelBinding(done);
    }

    /**
     * Says that the memory in a local variable lies beside the heap. Otherwise C2 goes by what memory was ever seen where the JDK's
     * methods read it, and that is memory on the heap too: before they are compiled, some of the Vector API's methods copy by way of it.
     * Then every access in a loop asks for the class again, and for all else.
     */
    public static void sayNative(CodeBuilder code, int memory) {
        code.getstatic(ClassDesc.ofDescriptor(GeneratedClass.class.descriptorString()), "NATIVE", CD_Class);
        code.aload(memory);
        code.invokevirtual(CD_Class, "cast", MethodTypeDesc.of(CD_Object, CD_Object));
        code.checkcast(SEGMENT);
        code.astore(memory);
    }

    /** An instance of a generated class, to be made within {@link VectorForms#of}. */
    public static <T> T instance(Class<T> implemented, byte[] code) {
        try {
            VectorNames.require(code);
            return implemented.cast(MethodHandles.privateLookupIn(implemented, MethodHandles.lookup())
                    .defineHiddenClass(code, true)
                    .lookupClass()
                    .getConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException("a generated kernel cannot be used", error);
        } catch (VerifyError | ClassFormatError wrong) {
            throw wrong; // It is the code that is wrong, wherever it runs.
        } catch (LinkageError | UnsupportedOperationException error) {
            throw new VectorForms.NotHere(error);
        }
    }
}
