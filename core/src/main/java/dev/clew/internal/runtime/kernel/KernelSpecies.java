package dev.clew.internal.runtime.kernel;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.clew.array.DType;
import dev.clew.internal.runtime.GeneratedClass;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** The names of the Vector API for a number of lanes, whatever a lane is. They are only names: nothing of it is loaded here. */
record KernelSpecies(int lanes) {
    /** The class that is written. */
    static final ClassDesc SELF = GeneratedClass.name(Kernel.class);

    /** The bytes of the longest vector. */
    static final int WIDEST = 64;

    static final int MOST_LANES = WIDEST / Float.BYTES;

    private static final String PACKAGE = "jdk.incubator.vector";
    static final ClassDesc VECTOR = ClassDesc.of(PACKAGE, "Vector");
    static final ClassDesc MASK = ClassDesc.of(PACKAGE, "VectorMask");
    static final ClassDesc SHUFFLE = ClassDesc.of(PACKAGE, "VectorShuffle");
    static final ClassDesc SPECIES = ClassDesc.of(PACKAGE, "VectorSpecies");
    static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE, "VectorOperators");
    static final ClassDesc INTS = ClassDesc.of(PACKAGE, "IntVector");
    static final ClassDesc LONGS = ClassDesc.of(PACKAGE, "LongVector");
    static final ClassDesc FLOATS = ClassDesc.of(PACKAGE, "FloatVector");
    static final ClassDesc DOUBLES = ClassDesc.of(PACKAGE, "DoubleVector");

    /** The vectors of a type; truth values have none, they are masks. */
    static ClassDesc vector(DType type) {
        return switch (type) {
            case F64 -> DOUBLES;
            case F32 -> FLOATS;
            case I32 -> INTS;
            case BOOL -> throw new IllegalArgumentException("truth values are masks, not vectors");
        };
    }

    /** One element. */
    static ClassDesc element(DType type) {
        return switch (type) {
            case F64 -> CD_double;
            case F32 -> CD_float;
            case I32 -> CD_int;
            case BOOL -> CD_boolean;
        };
    }

    /**
     * Says what exactly the vector on the stack is. Of what is loaded, broadcast, converted or reinterpreted C2 learns the exact class too
     * late to call its methods directly; it would go by the classes that were ever seen there, and where these are several, box.
     */
    static void exactly(CodeBuilder code, ClassDesc vector) {
        cast(code, "CLASS_OF_" + vector.displayName(), vector);
    }

    /** The same of a mask for vectors of a type. */
    static void exactly(CodeBuilder code, DType type) {
        cast(code, "CLASS_OF_MASK_" + type.name(), MASK);
    }

    private static void cast(CodeBuilder code, String constant, ClassDesc to) {
        code.getstatic(SELF, constant, CD_Class);
        code.swap();
        code.invokevirtual(CD_Class, "cast", MethodTypeDesc.of(CD_Object, CD_Object));
        code.checkcast(to);
    }

    /** The classes that {@link #exactly} needs, as constants of a generated class. */
    void classes(ClassBuilder type, CodeBuilder code) {
        for (DType lane : new DType[] {DType.F64, DType.F32, DType.I32}) {
            if (lanes * lane.bytes() <= WIDEST) {
                push(code, lane);
                constant(type, code, "vectorType", "CLASS_OF_" + vector(lane).displayName());
                push(code, lane);
                constant(type, code, "maskType", "CLASS_OF_MASK_" + lane.name());
            }
        }
        if (lanes * Long.BYTES <= WIDEST) {
            code.getstatic(LONGS, "SPECIES_" + lanes * Long.SIZE, SPECIES);
            constant(type, code, "vectorType", "CLASS_OF_" + LONGS.displayName());
        }
    }

    private static void constant(ClassBuilder type, CodeBuilder code, String of, String name) {
        type.withField(name, CD_Class, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        code.invokeinterface(SPECIES, of, MethodTypeDesc.of(CD_Class));
        code.putstatic(SELF, name, CD_Class);
    }

    void push(CodeBuilder code, DType type) {
        code.getstatic(vector(type), "SPECIES_" + lanes * type.bytes() * 8, SPECIES);
    }

    /** One number, on the stack already, in every lane; the species lies below it. */
    static void broadcast(CodeBuilder code, DType type) {
        code.invokestatic(vector(type), "broadcast", MethodTypeDesc.of(vector(type), SPECIES, element(type)));
        exactly(code, vector(type));
    }

    static void number(CodeBuilder code, DType type, double value) {
        switch (type) {
            case F64 -> code.loadConstant(value);
            case F32 -> code.loadConstant((float) value);
            case I32, BOOL -> code.loadConstant((int) value);
        }
    }

    /** A mask of equal lanes. */
    void truth(CodeBuilder code, DType type, boolean value) {
        push(code, type);
        code.loadConstant(value ? 1 : 0);
        maskAll(code, type);
    }

    /** A mask of equal lanes; the species and their value are on the stack. */
    static void maskAll(CodeBuilder code, DType type) {
        code.invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean));
        exactly(code, type);
    }

    /** The bits of a mask, on the stack already, as a mask; the species lies below them. */
    static void fromBits(CodeBuilder code, DType type) {
        code.invokestatic(MASK, "fromLong", MethodTypeDesc.of(MASK, SPECIES, CD_long));
        exactly(code, type);
    }
}
