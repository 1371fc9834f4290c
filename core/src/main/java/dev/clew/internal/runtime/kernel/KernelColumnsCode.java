package dev.clew.internal.runtime.kernel;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.clew.array.DType;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.runtime.GeneratedClass;
import dev.clew.internal.runtime.GeneratedClasses;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.kernel.KernelColumns.ColumnSum;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Writes the class of a sum over the rows of one block: for a band of columns, the sixteen partial sums lie in a buffer that stays in the nearest cache,
 * and the rows are read one after the other, as they lie.
 */
final class KernelColumnsCode {
    private static final int PARTIALS = BlockSum.PARTIALS;
    /** The bytes of a partial sum of a band. */
    private static final int BAND = 1024;

    private static final long BUFFER_BYTES = (long) PARTIALS * BAND;
    /** The columns of a trial. */
    private static final int SOME = 64;

    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(CD_void, KernelOps.SEGMENT, KernelOps.SEGMENT, CD_long, CD_long, CD_int, CD_int);
    private static final int MEMORY = 1;
    private static final int BUFFER = 2;
    private static final int X = 3;
    private static final int Y = 5;
    private static final int FROM = 7;
    private static final int TO = 8;

    private static final GeneratedClasses<Key, Band> GENERATED = new GeneratedClasses<>();

    private final CodeBuilder code;
    private final KernelSpecies species;
    private final KernelOps ops;
    private final DType type;
    private final int rows;
    private final long rowBytes;
    /** The columns of a band. */
    private final int width;

    private final int end;
    private final int row;
    private final int column;
    private final int half;
    private final int start;
    private final int total;

    private KernelColumnsCode(CodeBuilder code, KernelSpecies species, Key key) {
        this.code = code;
        this.species = species;
        this.ops = new KernelOps(code, species);
        this.type = key.type;
        this.rows = key.rows;
        this.rowBytes = (long) key.rowStride * type.bytes();
        this.width = BAND / type.bytes();
        this.end = code.allocateLocal(TypeKind.INT);
        this.row = code.allocateLocal(TypeKind.INT);
        this.column = code.allocateLocal(TypeKind.INT);
        this.half = code.allocateLocal(TypeKind.INT);
        this.start = code.allocateLocal(TypeKind.LONG);
        this.total = code.allocateLocal(TypeKind.REFERENCE);
    }

    /** What a generated class does. */
    interface Band {
        void run(MemorySegment memory, MemorySegment buffer, long x, long y, int fromColumn, int toColumn);
    }

    private record Key(DType type, int rows, int rowStride, int bits) {}

    static KernelColumns of(ColumnSum sum, int bits) {
        if (sum.rows() > BlockSum.BLOCK) {
            return new KernelColumnBlocks(sum, block -> of(block, bits));
        }
        Key key = new Key(sum.type(), sum.rows(), sum.rowStride(), bits);
        return new InBands(sum, GENERATED.get(key, KernelColumnsCode::generated), KernelColumns.plain(sum));
    }

    /** In generated code where the memory goes on far enough behind the last element for whole vectors, else in plain code. */
    private static final class InBands implements KernelColumns {
        private final ColumnSum sum;
        private final Band generated;
        private final KernelColumns plain;
        private final long bytes;
        /** From the start of x, the end of a vector that begins with the last row. */
        private final long last;

        InBands(ColumnSum sum, Band generated, KernelColumns plain) {
            this.sum = sum;
            this.generated = generated;
            this.plain = plain;
            this.bytes = sum.type().bytes();
            this.last = Math.max(sum.rows() - 1, 0) * (long) sum.rowStride() * bytes + KernelSpecies.WIDEST;
        }

        @Override
        public void run(MemorySegment memory, long x, long y, int fromColumn, int toColumn) {
            boolean goesOn = memory.isNative()
                    && Math.max(x + last, y + KernelSpecies.WIDEST) + toColumn * bytes <= memory.byteSize();
            if (goesOn) {
                KernelWorker worker = KernelWorker.take();
                try {
                    generated.run(memory, worker.buffer(BUFFER_BYTES), x, y, fromColumn, toColumn);
                } finally {
                    worker.release();
                }
            } else {
                plain.run(memory, x, y, fromColumn, toColumn);
            }
        }

        @Override
        public List<Trial> trials() {
            int columns = Math.min(sum.columns(), SOME);
            long y = Math.ceilDiv(last + columns * bytes, Machine.LINE) * Machine.LINE;
            return List.of(new Trial(
                    generated,
                    y + columns * bytes + KernelSpecies.WIDEST,
                    memory -> run(memory, 0, y, 0, columns),
                    memory -> plain.run(memory, 0, y, 0, columns)));
        }
    }

    private static Band generated(Key key) {
        KernelSpecies species = new KernelSpecies(key.bits / (key.type.bytes() * 8));
        byte[] code = GeneratedClass.write(
                Band.class,
                type -> type.withMethodBody(
                                "run",
                                RUN,
                                ClassFile.ACC_PUBLIC,
                                body -> new KernelColumnsCode(body, species, key).run())
                        .withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, init -> {
                            species.classes(type, init);
                            init.return_();
                        }));
        return GeneratedClass.instance(Band.class, code);
    }

    private void run() {
        GeneratedClass.begin(code, FROM, TO);
        GeneratedClass.sayNative(code, MEMORY);
        GeneratedClass.sayNative(code, BUFFER);
        GeneratedClass.loop(code, FROM, width, () -> code.iload(TO), this::vectors);
        code.return_();
    }

    /** The sums of as many columns as are added at once, or of what is left of them. */
    private void vectors() {
        code.iload(TO);
        code.iload(FROM);
        code.isub();
        code.loadConstant(width);
        code.invokestatic(
                ClassDesc.ofDescriptor(Math.class.descriptorString()),
                "min",
                MethodTypeDesc.of(CD_int, CD_int, CD_int));
        code.istore(end);
        rows(PARTIALS, this::clear);
        rows(rows, this::add);
        halves();
        columns(this::total);
    }

    private void rows(int count, Runnable body) {
        loop(row, 1, () -> code.loadConstant(count), () -> {
            place(X, FROM);
            code.lload(start);
            code.iload(row);
            code.i2l();
            code.loadConstant(rowBytes);
            code.lmul();
            code.ladd();
            code.lstore(start);
            columns(body);
        });
    }

    private void columns(Runnable body) {
        loop(column, species.lanes(), () -> code.iload(end), body);
    }

    private void loop(int counter, int step, Runnable limit, Runnable body) {
        code.iconst_0();
        code.istore(counter);
        GeneratedClass.loop(code, counter, step, limit, body);
    }

    /** Finds the byte of a column in x or y. */
    private void place(int base, int from) {
        code.lload(base);
        code.iload(from);
        bytes();
        code.loadConstant((1L << 56) - 1);
        code.land();
        code.lstore(start);
    }

    /** Adds the bytes of columns to an address. */
    private void bytes() {
        code.i2l();
        code.loadConstant(Integer.numberOfTrailingZeros(type.bytes()));
        code.lshl();
        code.ladd();
    }

    // -------------------------------------------------------------------------------------------------------- bodies

    private void clear() {
        species.push(code, type);
        KernelSpecies.number(code, type, 0);
        KernelSpecies.broadcast(code, type);
        pushPartial();
        ops.order();
        ops.store(type, false);
    }

    private void add() {
        species.push(code, type);
        code.aload(MEMORY);
        code.lload(start);
        code.iload(column);
        bytes();
        ops.load(type);
        load(this::pushPartial);
        ops.add(type);
        pushPartial();
        ops.order();
        ops.store(type, false);
    }

    /** Pushes the buffer and the byte of the partial sum that the row goes to. */
    private void pushPartial() {
        pushPartial(() -> {
            code.iload(row);
            code.loadConstant(PARTIALS - 1);
            code.iand();
        });
    }

    private void pushPartial(int number) {
        pushPartial(() -> code.loadConstant(number));
    }

    private void pushPartial(Runnable number) {
        code.aload(BUFFER);
        number.run();
        code.loadConstant(BAND);
        code.imul();
        code.i2l();
        code.iload(column);
        bytes();
    }

    /**
     * Adds the second half of the partial sums to the first until one is left, as the tree has it. In loops, since of a tree
     * written out C2 makes so many nodes that it stops inlining before the last sums, and their vectors become objects.
     */
    private void halves() {
        Label top = code.newLabel();
        Label done = code.newLabel();
        code.loadConstant(PARTIALS / 2);
        code.istore(half);
        code.labelBinding(top);
        code.iload(half);
        code.ifeq(done);
        loop(row, 1, () -> code.iload(half), () -> columns(this::addHalf));
        code.iload(half);
        code.iconst_1();
        code.ishr();
        code.istore(half);
        code.goto_(top);
        code.labelBinding(done);
    }

    private void addHalf() {
        load(this::pushPartial);
        load(() -> pushPartial(() -> {
            code.iload(row);
            code.iload(half);
            code.iadd();
        }));
        ops.add(type);
        pushPartial();
        ops.order();
        ops.store(type, false);
    }

    /** Loads a vector from where something points. */
    private void load(Runnable pointer) {
        species.push(code, type);
        pointer.run();
        ops.load(type);
    }

    private void total() {
        place(Y, FROM);
        load(() -> pushPartial(0));
        code.astore(total);
        Label whole = code.newLabel();
        Label done = code.newLabel();
        code.iload(end);
        code.iload(column);
        code.isub();
        code.loadConstant(species.lanes());
        code.if_icmpge(whole);
        pushTotal();
        pushMask();
        ops.store(type, true);
        code.goto_(done);
        code.labelBinding(whole);
        pushTotal();
        ops.store(type, false);
        code.labelBinding(done);
    }

    private void pushTotal() {
        code.aload(total);
        KernelSpecies.exactly(code, KernelSpecies.vector(type));
        code.aload(MEMORY);
        code.lload(start);
        code.iload(column);
        bytes();
        ops.order();
    }

    private void pushMask() {
        species.push(code, type);
        code.lconst_1();
        code.iload(end);
        code.iload(column);
        code.isub();
        code.lshl();
        code.lconst_1();
        code.lsub();
        KernelSpecies.fromBits(code, type);
    }
}
