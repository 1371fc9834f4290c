package dev.clew.runtime;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.clew.array.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** The names of the Vector API for a number of lanes, whatever a lane is. They are only names: nothing of it is loaded here. */
record KernelSpecies(int lanes) {
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

    void push(CodeBuilder code, DType type) {
        code.getstatic(vector(type), "SPECIES_" + lanes * type.bytes() * 8, SPECIES);
    }

    /** One number, on the stack already, in every lane; the species lies below it. */
    static void broadcast(CodeBuilder code, DType type) {
        code.invokestatic(vector(type), "broadcast", MethodTypeDesc.of(vector(type), SPECIES, element(type)));
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
        code.invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean));
    }

    /** The bits of a mask, on the stack already, as a mask; the species lies below them. */
    static void fromBits(CodeBuilder code) {
        code.invokestatic(MASK, "fromLong", MethodTypeDesc.of(MASK, SPECIES, CD_long));
    }
}
