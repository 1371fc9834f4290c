package dev.clew.runtime;

import dev.clew.array.DType;
import dev.clew.runtime.KernelProgram.Fold;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes a reduction along a row.
 *
 * <p>The sixteen partial sums lie in as many vectors as that takes. Every vector of columns is added to the first of them, and
 * then they move up by one: so the loop has one copy of its code, whatever the number of lanes. After a known number of columns
 * it is known where each has come to.
 */
final class KernelFold {
    private static final int PARTIALS = 16;

    private final CodeBuilder code;
    private final KernelWriter writer;
    private final KernelSpecies species;
    private final Fold fold;
    private final DType type;
    private final int[] sums;

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
            species.push(code, type);
            KernelSpecies.number(code, type, fold.isSum() ? 0 : Double.NEGATIVE_INFINITY);
            KernelSpecies.broadcast(code, type);
            code.astore(sums[i]);
        }
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
            code.getstatic(KernelClass.NAME, KernelCode.rotation(type, half), KernelSpecies.SHUFFLE);
            writer.ops().call(type, "rearrange", KernelSpecies.SHUFFLE);
            combine();
            code.astore(group[0]);
        }
        sum(group[0]);
        writer.keepTop(writer.reduced(fold.value()));
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
