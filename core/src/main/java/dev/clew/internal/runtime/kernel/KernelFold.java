package dev.clew.internal.runtime.kernel;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.clew.array.DType;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.runtime.kernel.KernelProgram.Fold;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes a reduction along a row.
 *
 * <p>The sixteen partial sums lie in as many vectors as that takes. Every vector of columns is added to the first of them, and
 * then they move up by one: so the loop has one copy of its code, whatever the number of lanes. After a known number of columns
 * it is known where each has come to.
 *
 * <p>Of a row that is longer than one block of {@link BlockSum}, a block's partial sums are carried out of the vectors at its end.
 */
final class KernelFold {
    private static final int PARTIALS = BlockSum.PARTIALS;
    private static final ClassDesc CARRY = ClassDesc.ofDescriptor(KernelCarry.class.descriptorString());

    private final CodeBuilder code;
    private final KernelWriter writer;
    private final KernelSpecies species;
    private final Fold fold;
    private final DType type;
    private final int[] sums;
    /** The local that holds the carry, and the number there; −1 if the row is one block. */
    private int carry = -1;

    private int number = -1;

    KernelFold(CodeBuilder code, KernelWriter writer, KernelSpecies species, Fold fold, DType type) {
        this.code = code;
        this.writer = writer;
        this.species = species;
        this.fold = fold;
        this.type = type;
        this.sums = new int[fold.isSum() ? PARTIALS / species.lanes() : 1];
    }

    void begin() {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = code.allocateLocal(TypeKind.REFERENCE);
        }
        clear();
    }

    /** As {@link #begin()}, where blocks are carried. */
    void begin(int carryLocal, int carryNumber) {
        begin();
        if (fold.isSum()) {
            carry = carryLocal;
            number = carryNumber;
            carry("begin", CD_void);
        }
    }

    private void clear() {
        for (int sum : sums) {
            species.push(code, type);
            KernelSpecies.number(code, type, fold.isSum() ? 0 : Double.NEGATIVE_INFINITY);
            KernelSpecies.broadcast(code, type);
            code.astore(sum);
        }
    }

    private void carry(String method, ClassDesc result) {
        code.aload(carry);
        code.loadConstant(number);
        code.invokevirtual(CARRY, method, MethodTypeDesc.of(result, CD_int));
    }

    /** Carries a block out, after as many vectors of the row. */
    void carry(int vectors) {
        if (carry < 0) {
            return;
        }
        boolean single = type == DType.F32;
        ClassDesc array = KernelSpecies.element(type).arrayType();
        for (int i = 0; i < sums.length; i++) {
            sum(sums[Math.floorMod(i - vectors, sums.length)]);
            code.aload(carry);
            code.invokevirtual(CARRY, single ? "floats" : "doubles", MethodTypeDesc.of(array));
            code.loadConstant(i * species.lanes());
            code.invokevirtual(KernelSpecies.vector(type), "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
        }
        carry(single ? "floats" : "doubles", CD_void);
        clear();
    }

    /**
     * Takes the vector of some columns in. Lanes beyond the row leave their sums as they are.
     */
    void take() {
        writer.push(fold.node());
        sum(sums[0]);
        combine();
        if (writer.isMasked()) {
            sum(sums[0]);
            writer.pushMask(type);
            code.invokevirtual(KernelSpecies.MASK, "not", MethodTypeDesc.of(KernelSpecies.MASK));
            writer.ops().call(type, "blend", KernelSpecies.VECTOR, KernelSpecies.MASK);
        }
        for (int i = 0; i + 1 < sums.length; i++) {
            code.aload(sums[i + 1]);
            code.astore(sums[i]);
        }
        code.astore(sums[sums.length - 1]);
    }

    /** Makes one number of a row of as many vectors, in every lane of a node. */
    void end(int vectors) {
        if (carry >= 0) {
            species.push(code, type);
            carry(type == DType.F32 ? "floatTotal" : "doubleTotal", KernelSpecies.element(type));
            KernelSpecies.broadcast(code, type);
        } else {
            tree(vectors);
            sum(sums[Math.floorMod(-vectors, sums.length)]);
        }
        writer.keepTop(writer.reduced(fold.value()));
    }

    private void tree(int vectors) {
        int[] group = new int[sums.length];
        for (int i = 0; i < group.length; i++) {
            group[i] = sums[Math.floorMod(i - vectors, group.length)];
        }
        for (int half = group.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sum(group[i]);
                sum(group[i + half]);
                combine();
                code.astore(group[i]);
            }
        }
        for (int half = species.lanes() / 2; half > 0; half /= 2) {
            sum(group[0]);
            sum(group[0]);
            code.getstatic(KernelSpecies.SELF, KernelCode.rotation(type, half), KernelSpecies.SHUFFLE);
            writer.ops().call(type, "rearrange", KernelSpecies.SHUFFLE);
            combine();
            code.astore(group[0]);
        }
    }

    private void sum(int slot) {
        code.aload(slot);
        KernelSpecies.exactly(code, KernelSpecies.vector(type));
    }

    private void combine() {
        if (fold.isSum()) {
            writer.ops().add(type);
        } else {
            writer.ops().max(type);
        }
    }
}
