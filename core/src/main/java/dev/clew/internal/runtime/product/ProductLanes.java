package dev.clew.internal.runtime.product;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Machine;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * A type of number and a vector width, and how generated code says what is done with them. Classes of the Vector API are named, never
 * linked, so this class loads where they are not.
 */
record ProductLanes(DType type, int bits) {
    static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
    private static final ClassDesc LAYOUT = ClassDesc.of("java.lang.foreign.ValueLayout");
    private static final ClassDesc ORDER = ClassDesc.of("java.nio.ByteOrder");
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    static final ClassDesc HANDLE = ClassDesc.of("java.lang.invoke.VarHandle");
    private static final String EXACTLY = "EXACTLY";
    private static final String NUMBERS = "NUMBERS";
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");

    /** How many elements a vector has. */
    int count() {
        return bits / Byte.SIZE / type.bytes();
    }

    /** The narrowest vectors, down to 128 bits, of which one holds so many columns; otherwise these. */
    ProductLanes narrowed(int columns) {
        int narrow = bits;
        while (narrow > Machine.LEAST_BITS && columns <= narrow / 2 / Byte.SIZE / type.bytes()) {
            narrow /= 2;
        }
        return new ProductLanes(type, narrow);
    }

    int vectorBytes() {
        return bits / Byte.SIZE;
    }

    ClassDesc vector() {
        return ClassDesc.of("jdk.incubator.vector." + (wide() ? "DoubleVector" : "FloatVector"));
    }

    private boolean wide() {
        return type == DType.F64;
    }

    private ClassDesc number() {
        return wide() ? CD_double : CD_float;
    }

    private ClassDesc layout() {
        return LAYOUT.nested(wide() ? "OfDouble" : "OfFloat");
    }

    private void pushLayout(CodeBuilder code) {
        code.getstatic(LAYOUT, wide() ? "JAVA_DOUBLE_UNALIGNED" : "JAVA_FLOAT_UNALIGNED", layout());
    }

    private void pushSpecies(CodeBuilder code) {
        code.getstatic(vector(), "SPECIES_" + bits, SPECIES);
    }

    /** The machine's order of bytes, which loads and stores ask for, in a local. */
    void order(CodeBuilder code, int local) {
        code.invokestatic(ORDER, "nativeOrder", MethodTypeDesc.of(ORDER)).astore(local);
    }

    /**
     * The constants of a generated class: what {@link #exactly} needs, and how a number lies in memory. Taken from its layout each time, that
     * would be more nodes.
     */
    void constants(ClassBuilder type, ClassDesc self) {
        type.withField(EXACTLY, CD_Class, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        type.withField(NUMBERS, HANDLE, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        type.withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, code -> {
            pushSpecies(code);
            code.invokeinterface(SPECIES, "vectorType", MethodTypeDesc.of(CD_Class))
                    .putstatic(self, EXACTLY, CD_Class);
            pushLayout(code);
            code.invokeinterface(LAYOUT, "varHandle", MethodTypeDesc.of(HANDLE))
                    .putstatic(self, NUMBERS, HANDLE)
                    .return_();
        });
    }

    void zero(CodeBuilder code) {
        pushSpecies(code);
        code.invokestatic(vector(), "zero", MethodTypeDesc.of(vector(), SPECIES));
    }

    /** The vector at an address. */
    void load(CodeBuilder code, ClassDesc self, int order, ProductAddress address) {
        pushSpecies(code);
        address.push(code);
        code.aload(order);
        code.invokestatic(vector(), "fromMemorySegment", MethodTypeDesc.of(vector(), SPECIES, SEGMENT, CD_long, ORDER));
        exactly(code, self);
    }

    /** Says what exactly the vector on the stack is, for the reason that {@link dev.clew.internal.runtime.kernel.KernelSpecies#exactly} gives. */
    private void exactly(CodeBuilder code, ClassDesc self) {
        code.getstatic(self, EXACTLY, CD_Class)
                .swap()
                .invokevirtual(CD_Class, "cast", MethodTypeDesc.of(CD_Object, CD_Object))
                .checkcast(vector());
    }

    void store(CodeBuilder code, int local, int order, ProductAddress address) {
        code.aload(local);
        address.push(code);
        code.aload(order);
        code.invokevirtual(vector(), "intoMemorySegment", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER));
    }

    /** The number at an address. */
    void loadNumber(CodeBuilder code, ClassDesc self, ProductAddress address) {
        code.getstatic(self, NUMBERS, HANDLE);
        address.push(code);
        code.invokevirtual(HANDLE, "get", MethodTypeDesc.of(number(), SEGMENT, CD_long));
    }

    void storeNumber(CodeBuilder code, ClassDesc self, ProductAddress address, Runnable number) {
        code.getstatic(self, NUMBERS, HANDLE);
        address.push(code);
        number.run();
        code.invokevirtual(HANDLE, "set", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, number()));
    }

    void zeroNumber(CodeBuilder code) {
        if (wide()) {
            code.dconst_0();
        } else {
            code.fconst_0();
        }
    }

    /** A vector of which every lane is the number at an address. */
    void broadcast(CodeBuilder code, ClassDesc self, ProductAddress address) {
        pushSpecies(code);
        loadNumber(code, self, address);
        code.invokestatic(vector(), "broadcast", MethodTypeDesc.of(vector(), SPECIES, number()));
        exactly(code, self);
    }

    /** sum = fma(left, right, sum), lane by lane. */
    void fma(CodeBuilder code, int left, int right, int sum) {
        ClassDesc ternary = ClassDesc.of("jdk.incubator.vector.VectorOperators$Ternary");
        code.aload(left);
        code.getstatic(ClassDesc.of("jdk.incubator.vector.VectorOperators"), "FMA", ternary);
        code.aload(right).aload(sum);
        code.invokevirtual(vector(), "lanewise", MethodTypeDesc.of(vector(), ternary, VECTOR, VECTOR));
        code.astore(sum);
    }

    /** The sum of the two vectors on the stack. */
    void add(CodeBuilder code, ClassDesc self) {
        code.invokevirtual(vector(), "add", MethodTypeDesc.of(vector(), VECTOR));
        exactly(code, self);
    }

    void addNumber(CodeBuilder code) {
        if (wide()) {
            code.dadd();
        } else {
            code.fadd();
        }
    }

    /** Reads the word at an address and mixes it into {@code local}, so that the reading is not dropped. */
    static void touch(CodeBuilder code, ProductAddress address, int local) {
        code.iload(local).aload(address.segment()).getstatic(LAYOUT, "JAVA_INT_UNALIGNED", LAYOUT.nested("OfInt"));
        address.pushOffset(code);
        code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(CD_int, LAYOUT.nested("OfInt"), CD_long))
                .ixor()
                .istore(local);
    }
}
