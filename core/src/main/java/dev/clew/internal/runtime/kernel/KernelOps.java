package dev.clew.internal.runtime.kernel;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.clew.array.DType;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/**
 * Writes what one node does to its operands.
 *
 * <p>Arithmetic is {@code lanewise}, to which all methods with names of their own come down: called there, C2 must have learnt in
 * <em>their</em> code what vectors there are, and whether it has depends on when it looks. If not, it makes an object of every result.
 */
record KernelOps(CodeBuilder code, KernelSpecies species) {
    static final ClassDesc SEGMENT = ClassDesc.ofDescriptor(MemorySegment.class.descriptorString());
    private static final ClassDesc ORDER = ClassDesc.ofDescriptor(ByteOrder.class.descriptorString());

    /** Leaves the node's vector or mask on the stack, from operands that {@code push} puts there. */
    void write(KernelNode node, IntConsumer push, DType from) {
        switch (node.op()) {
            case BLEND -> blend(node, push);
            case LESS, LESS_OR_EQUAL, EQUAL, NOT_EQUAL -> compare(node, push);
            case COPY_SIGN -> copySign(node, push);
            case FMA -> fma(node, push);
            default -> {
                push.accept(node.a());
                if (node.b() >= 0) {
                    push.accept(node.b());
                }
                apply(node, from);
            }
        }
    }

    private void blend(KernelNode node, IntConsumer push) {
        push.accept(node.c());
        push.accept(node.b());
        push.accept(node.a());
        call(node.lanes(), "blend", KernelSpecies.VECTOR, KernelSpecies.MASK);
    }

    private void compare(KernelNode node, IntConsumer push) {
        push.accept(node.a());
        operator(comparison(node.op()), "Comparison");
        push.accept(node.b());
        code.invokevirtual(
                KernelSpecies.vector(node.lanes()),
                "compare",
                MethodTypeDesc.of(KernelSpecies.MASK, operators("Comparison"), KernelSpecies.VECTOR));
    }

    private void fma(KernelNode node, IntConsumer push) {
        push.accept(node.a());
        operator("FMA", "Ternary");
        push.accept(node.b());
        push.accept(node.c());
        lanewise(node.lanes(), "Ternary", KernelSpecies.VECTOR, KernelSpecies.VECTOR);
    }

    private void apply(KernelNode node, DType from) {
        DType type = node.lanes();
        switch (node.op()) {
            case ADD -> add(type);
            case SUBTRACT -> binary(type, "SUB", "Binary");
            case MULTIPLY -> binary(type, "MUL", "Associative");
            case DIVIDE -> binary(type, "DIV", "Binary");
            case MIN -> binary(type, "MIN", "Associative");
            case MAX -> max(type);
            case SQRT -> unary(type, "SQRT");
            case ABS -> unary(type, "ABS");
            case NEGATE -> unary(type, "NEG");
            case AND -> mask("and", KernelSpecies.MASK);
            case OR -> mask("or", KernelSpecies.MASK);
            case XOR -> mask("xor", KernelSpecies.MASK);
            case NOT -> mask("not");
            case CAST_MASK -> {
                species.push(code, type);
                mask("cast", KernelSpecies.SPECIES);
                KernelSpecies.exactly(code, type);
            }
            case CONVERT -> convert(from, type);
            case POWER_OF_TWO -> shifted(type, "LSHL", 0);
            case EXPONENT -> shifted(type, "LSHR", type == DType.F32 ? 0x4B000000 : 0x4330000000000000L);
            case FRACTION -> fraction(type);
            default -> throw new IllegalArgumentException(node.op() + " is written elsewhere");
        }
    }

    /** The sum of two vectors on the stack. */
    void add(DType type) {
        binary(type, "ADD", "Associative");
    }

    /** The larger elements of two vectors on the stack; NaN where one is. */
    void max(DType type) {
        binary(type, "MAX", "Associative");
    }

    private void binary(DType type, String name, String kind) {
        operator(name, kind);
        code.swap();
        lanewise(type, "Binary", KernelSpecies.VECTOR);
    }

    private void unary(DType type, String name) {
        operator(name, "Unary");
        lanewise(type, "Unary");
    }

    private void lanewise(DType type, String kind, ClassDesc... operands) {
        ClassDesc vector = KernelSpecies.vector(type);
        MethodTypeDesc taking = MethodTypeDesc.of(vector, operands).insertParameterTypes(0, operators(kind));
        code.invokevirtual(vector, "lanewise", taking);
    }

    private static ClassDesc operators(String kind) {
        return ClassDesc.of("jdk.incubator.vector", "VectorOperators$" + kind);
    }

    private static String comparison(Op op) {
        return switch (op) {
            case LESS -> "LT";
            case LESS_OR_EQUAL -> "LE";
            case EQUAL -> "EQ";
            default -> "NE";
        };
    }

    void operator(String name, String kind) {
        code.getstatic(KernelSpecies.OPERATORS, name, operators(kind));
    }

    void call(DType type, String name, ClassDesc... operands) {
        ClassDesc owner = KernelSpecies.vector(type);
        code.invokevirtual(owner, name, MethodTypeDesc.of(owner, operands));
    }

    private void mask(String name, ClassDesc... operands) {
        code.invokevirtual(KernelSpecies.MASK, name, MethodTypeDesc.of(KernelSpecies.MASK, operands));
    }

    private void convert(DType from, DType to) {
        operator(letter(from) + "2" + letter(to), "Conversion");
        species.push(code, to);
        code.iconst_0();
        code.invokevirtual(
                KernelSpecies.vector(from),
                "convertShape",
                MethodTypeDesc.of(KernelSpecies.VECTOR, operators("Conversion"), KernelSpecies.SPECIES, CD_int));
        KernelSpecies.exactly(code, KernelSpecies.vector(to));
    }

    private static String letter(DType type) {
        return switch (type) {
            case F64 -> "D";
            case F32 -> "F";
            case I32 -> "I";
            case BOOL -> throw new IllegalArgumentException("truth values are masks, not vectors");
        };
    }

    // --------------------------------------------------------------------------------------------------------- bits

    private static ClassDesc bits(DType type) {
        return type == DType.F32 ? KernelSpecies.INTS : KernelSpecies.LONGS;
    }

    private void toBits(DType type) {
        String name = type == DType.F32 ? "reinterpretAsInts" : "reinterpretAsLongs";
        code.invokevirtual(KernelSpecies.vector(type), name, MethodTypeDesc.of(bits(type)));
        KernelSpecies.exactly(code, bits(type));
    }

    private void fromBits(DType type) {
        String name = type == DType.F32 ? "reinterpretAsFloats" : "reinterpretAsDoubles";
        code.invokevirtual(bits(type), name, MethodTypeDesc.of(KernelSpecies.vector(type)));
        KernelSpecies.exactly(code, KernelSpecies.vector(type));
    }

    private void withBits(DType type, String name, long constant) {
        boolean single = type == DType.F32;
        if (single) {
            code.loadConstant((int) constant);
        } else {
            code.loadConstant(constant);
        }
        code.invokevirtual(bits(type), name, MethodTypeDesc.of(bits(type), single ? CD_int : CD_long));
        KernelSpecies.exactly(code, bits(type));
    }

    /** The bits shifted by those of a fraction, and others set. */
    private void shifted(DType type, String direction, long set) {
        toBits(type);
        operator(direction, "Binary");
        boolean single = type == DType.F32;
        if (single) {
            code.loadConstant(23);
        } else {
            code.loadConstant(52L);
        }
        code.invokevirtual(
                bits(type), "lanewise", MethodTypeDesc.of(bits(type), operators("Binary"), single ? CD_int : CD_long));
        if (set != 0) {
            KernelSpecies.exactly(code, bits(type));
            withBits(type, "or", set);
        }
        fromBits(type);
    }

    private void fraction(DType type) {
        boolean single = type == DType.F32;
        toBits(type);
        withBits(type, "and", single ? 0x7FFFFF : 0xFFFFFFFFFFFFFL);
        withBits(type, "or", single ? 0x3F800000 : 0x3FF0000000000000L);
        fromBits(type);
    }

    private void copySign(KernelNode node, IntConsumer push) {
        DType type = node.lanes();
        long sign = type == DType.F32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
        push.accept(node.a());
        toBits(type);
        withBits(type, "and", ~sign);
        push.accept(node.b());
        toBits(type);
        withBits(type, "and", sign);
        code.invokevirtual(bits(type), "or", MethodTypeDesc.of(bits(type), KernelSpecies.VECTOR));
        fromBits(type);
    }

    /** Loads a vector; the species, the memory and the byte are on the stack. */
    void load(DType type) {
        ClassDesc vector = KernelSpecies.vector(type);
        order();
        code.invokestatic(
                vector, "fromMemorySegment", MethodTypeDesc.of(vector, KernelSpecies.SPECIES, SEGMENT, CD_long, ORDER));
        KernelSpecies.exactly(code, vector);
    }

    /** Pushes the order of bytes in memory. */
    void order() {
        code.invokestatic(ORDER, "nativeOrder", MethodTypeDesc.of(ORDER));
    }

    /** Stores a vector; it, the memory, the byte, their order and, if {@code isMasked}, a mask are on the stack. */
    void store(DType type, boolean isMasked) {
        MethodTypeDesc whole = MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER);
        code.invokevirtual(
                KernelSpecies.vector(type),
                "intoMemorySegment",
                isMasked ? whole.insertParameterTypes(3, KernelSpecies.MASK) : whole);
    }
}
