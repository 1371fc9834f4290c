package dev.clew.runtime;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.clew.array.DType;
import dev.clew.runtime.KernelColumns.ColumnSum;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the class of a sum over rows: for every vector of columns sixteen sums in local variables, and a loop over sixteen rows. */
final class KernelColumnsCode {
    private static final int PARTIALS = 16;
    private static final int MOST = 256;

    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(CD_void, KernelOps.SEGMENT, CD_long, CD_long, CD_int, CD_int);
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
        long last = Math.max(sum.rows() - 1, 0) * (long) sum.rowStride() * bytes + KernelSpecies.WIDEST;
        return (memory, x, y, fromColumn, toColumn) -> {
            boolean goesOn = Math.max(x + last, y + KernelSpecies.WIDEST) + toColumn * bytes <= memory.byteSize();
            (goesOn ? generated : plain).run(memory, x, y, fromColumn, toColumn);
        };
    }

    private static KernelColumns generated(Key key) {
        KernelSpecies species = new KernelSpecies(key.bits / (key.type.bytes() * 8));
        byte[] code = KernelClass.write(
                KernelColumns.class,
                type -> type.withMethodBody(
                                "run",
                                RUN,
                                ClassFile.ACC_PUBLIC,
                                body -> new KernelColumnsCode(body, species, key).run())
                        .withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, init -> {
                            species.classes(type, init);
                            init.return_();
                        }));
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
        ops.load(type);
        code.aload(sums[sum]);
        ops.call(type, "add", KernelSpecies.VECTOR);
        code.astore(sums[sum]);
    }

    private void sum(int i) {
        code.aload(sums[i]);
        KernelSpecies.exactly(code, KernelSpecies.vector(type));
    }

    private void tree() {
        for (int half = PARTIALS / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sum(i);
                sum(i + half);
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
        KernelSpecies.fromBits(code, type);
        ops.store(type, true);
        code.goto_(done);
        code.labelBinding(whole);
        pushStored();
        ops.store(type, false);
        code.labelBinding(done);
    }

    private void pushStored() {
        sum(0);
        code.aload(MEMORY);
        code.lload(start);
        ops.order();
    }
}
