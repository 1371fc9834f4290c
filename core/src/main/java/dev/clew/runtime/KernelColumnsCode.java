package dev.clew.runtime;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.clew.array.DType;
import dev.clew.runtime.KernelColumns.ColumnSum;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the class of a sum over rows: for every vector of columns sixteen sums in local variables, and a loop over sixteen rows. */
final class KernelColumnsCode {
    private static final int PARTIALS = 16;
    private static final int MOST = 256;
    /** The bytes of the longest vector. */
    private static final long SLACK = 64;

    private static final ClassDesc SEGMENT = ClassDesc.ofDescriptor(MemorySegment.class.descriptorString());
    private static final ClassDesc ORDER = ClassDesc.ofDescriptor(ByteOrder.class.descriptorString());
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_void, SEGMENT, CD_long, CD_long, CD_int, CD_int);
    private static final int MEMORY = 1;
    private static final int X = 2;
    private static final int Y = 4;
    private static final int FROM = 6;
    private static final int TO = 7;

    private static final Map<Key, KernelColumns> GENERATED = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, KernelColumns> eldest) {
            return size() > MOST;
        }
    };

    private final CodeBuilder code;
    private final KernelSpecies species;
    private final KernelOps ops;
    private final DType type;
    private final int rows;
    private final long rowBytes;
    private final int[] sums = new int[PARTIALS];
    private final int start;

    private KernelColumnsCode(CodeBuilder code, KernelSpecies species, Key key) {
        this.code = code;
        this.species = species;
        this.ops = new KernelOps(code, species);
        this.type = key.type;
        this.rows = key.rows;
        this.rowBytes = (long) key.rowStride * type.bytes();
        this.start = code.allocateLocal(TypeKind.LONG);
        for (int i = 0; i < PARTIALS; i++) {
            sums[i] = code.allocateLocal(TypeKind.REFERENCE);
        }
    }

    private record Key(DType type, int rows, int rowStride, int bits) {}

    static KernelColumns of(ColumnSum sum, int bits) {
        Key key = new Key(sum.type(), sum.rows(), sum.rowStride(), bits);
        KernelColumns generated;
        synchronized (GENERATED) {
            generated = GENERATED.computeIfAbsent(key, KernelColumnsCode::generated);
        }
        KernelColumns plain = KernelColumns.plain(sum);
        long bytes = sum.type().bytes();
        long last = Math.max(sum.rows() - 1, 0) * (long) sum.rowStride() * bytes + SLACK;
        return (memory, x, y, fromColumn, toColumn) -> {
            boolean goesOn = Math.max(x + last, y + SLACK) + toColumn * bytes <= memory.byteSize();
            (goesOn ? generated : plain).run(memory, x, y, fromColumn, toColumn);
        };
    }

    private static KernelColumns generated(Key key) {
        KernelSpecies species = new KernelSpecies(key.bits / (key.type.bytes() * 8));
        byte[] code = KernelClass.write(
                KernelColumns.class,
                type -> type.withMethodBody(
                        "run", RUN, ClassFile.ACC_PUBLIC, body -> new KernelColumnsCode(body, species, key).run()));
        return KernelClass.instance(KernelColumns.class, code);
    }

    private void run() {
        KernelClass.begin(code, FROM, TO);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        code.iload(FROM);
        code.iload(TO);
        code.if_icmpge(end);
        place(X);
        for (int sum : sums) {
            species.push(code, type);
            KernelSpecies.number(code, type, 0);
            KernelSpecies.broadcast(code, type);
            code.astore(sum);
        }
        sixteens();
        for (int row = 0; row < rows % PARTIALS; row++) {
            add(row, (rows - rows % PARTIALS + row) * rowBytes, -1);
        }
        tree();
        store();
        code.iinc(FROM, species.lanes());
        code.goto_(top);
        code.labelBinding(end);
        code.return_();
    }

    /** Finds the byte of the vector of columns in x or y. */
    private void place(int base) {
        code.lload(base);
        code.iload(FROM);
        code.i2l();
        code.loadConstant((long) type.bytes());
        code.lmul();
        code.ladd();
        code.loadConstant((1L << 56) - 1);
        code.land();
        code.lstore(start);
    }

    private void sixteens() {
        if (rows < PARTIALS) {
            return;
        }
        int group = code.allocateLocal(TypeKind.INT);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.iconst_0();
        code.istore(group);
        code.labelBinding(top);
        code.iload(group);
        code.loadConstant(rows / PARTIALS);
        code.if_icmpge(end);
        for (int row = 0; row < PARTIALS; row++) {
            add(row, row * rowBytes, group);
        }
        code.iinc(group, 1);
        code.goto_(top);
        code.labelBinding(end);
    }

    /** Adds a row to its sum; the receiver is what was loaded, whose class C2 knows. */
    private void add(int sum, long bytes, int group) {
        ClassDesc vector = KernelSpecies.vector(type);
        species.push(code, type);
        code.aload(MEMORY);
        code.lload(start);
        if (group >= 0) {
            code.iload(group);
            code.i2l();
            code.loadConstant(PARTIALS * rowBytes);
            code.lmul();
            code.ladd();
        }
        code.loadConstant(bytes);
        code.ladd();
        order();
        code.invokestatic(
                vector, "fromMemorySegment", MethodTypeDesc.of(vector, KernelSpecies.SPECIES, SEGMENT, CD_long, ORDER));
        code.aload(sums[sum]);
        ops.call(type, "add", KernelSpecies.VECTOR);
        code.astore(sums[sum]);
    }

    private void order() {
        code.invokestatic(ORDER, "nativeOrder", MethodTypeDesc.of(ORDER));
    }

    private void tree() {
        for (int half = PARTIALS / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                code.aload(sums[i]);
                code.aload(sums[i + half]);
                ops.call(type, "add", KernelSpecies.VECTOR);
                code.astore(sums[i]);
            }
        }
    }

    private void store() {
        place(Y);
        Label whole = code.newLabel();
        Label done = code.newLabel();
        code.iload(TO);
        code.iload(FROM);
        code.isub();
        code.loadConstant(species.lanes());
        code.if_icmpge(whole);
        pushStored();
        species.push(code, type);
        code.lconst_1();
        code.iload(TO);
        code.iload(FROM);
        code.isub();
        code.lshl();
        code.lconst_1();
        code.lsub();
        KernelSpecies.fromBits(code);
        code.invokevirtual(
                KernelSpecies.vector(type),
                "intoMemorySegment",
                MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER, KernelSpecies.MASK));
        code.goto_(done);
        code.labelBinding(whole);
        pushStored();
        code.invokevirtual(
                KernelSpecies.vector(type), "intoMemorySegment", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER));
        code.labelBinding(done);
    }

    private void pushStored() {
        code.aload(sums[0]);
        code.aload(MEMORY);
        code.lload(start);
        order();
    }
}
