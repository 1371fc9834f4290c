package dev.clew.internal.runtime.kernel;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import com.google.common.collect.ImmutableSet;
import dev.clew.array.DType;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.runtime.GeneratedClass;
import dev.clew.internal.runtime.kernel.KernelGraph.Level;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import dev.clew.internal.runtime.kernel.KernelProgram.Body;
import dev.clew.internal.runtime.kernel.KernelProgram.Store;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Writes the class of a vector kernel, or of a part of one: constants, then a loop over rows, in it the passes, in each a loop over
 * the columns, a vector at a time, and one masked vector for the rest.
 *
 * <p>The addresses are such that the compiler can prove them in bounds for a whole row at once: a start below 2⁵⁶ and an {@code
 * int} number of columns.
 */
final class KernelCode {
    private static final int CONSTANT = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
    private static final MethodTypeDesc IOTA =
            MethodTypeDesc.of(KernelSpecies.SHUFFLE, KernelSpecies.SPECIES, CD_int, CD_int, CD_boolean);
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(CD_void, KernelOps.SEGMENT, CD_long.arrayType(), KernelOps.SEGMENT, CD_int, CD_int);
    private static final ClassDesc CARRY = ClassDesc.ofDescriptor(KernelCarry.class.descriptorString());
    private static final ClassDesc MATH = ClassDesc.ofDescriptor(Math.class.descriptorString());
    private static final int OFFSETS = 2;
    private static final int FROM = 4;
    private static final int TO = 5;

    /** Which columns a class does. */
    enum Columns {
        ALL,
        /** As many as fill vectors. */
        WHOLE,
        /** Fewer than fill one. */
        REST
    }

    /**
     * How a class is written.
     *
     * @param isFlat whether elements are counted, not rows
     */
    record Way(KernelSpecies species, KernelRooms rooms, boolean isFlat, Columns columns) {}

    private final CodeBuilder code;
    private final KernelProgram program;
    private final KernelSpecies species;
    private final Way way;
    private final boolean isFlat;
    private final KernelWriter writer;
    private final int columns;
    /** The local that holds what is carried from block to block of sums; −1 if every row is one block. */
    private final int carry;

    private KernelCode(CodeBuilder code, KernelProgram program, Way way) {
        this.code = code;
        this.program = program;
        this.species = way.species;
        this.way = way;
        this.isFlat = way.isFlat;
        this.writer = new KernelWriter(code, program, species);
        this.columns = program.cluster().columns();
        this.carry = hasLongSums() ? code.allocateLocal(TypeKind.REFERENCE) : -1;
    }

    static byte[] write(KernelProgram program, Way way) {
        return GeneratedClass.write(KernelPart.class, type -> {
            type.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, code -> new KernelCode(code, program, way).run());
            type.withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, code -> {
                way.species.classes(type, code);
                constants(type, code, program.graph(), way.species);
                rotations(type, code, program, way.species);
                code.return_();
            });
        });
    }

    /**
     * Numbers in every lane, as constants of the class. In local variables of the method, they make C2 take half a minute where it
     * replaces a running loop.
     */
    private static void constants(ClassBuilder type, CodeBuilder code, KernelGraph graph, KernelSpecies species) {
        for (int number = 0; number < graph.size(); number++) {
            KernelNode node = graph.node(number);
            if (node.op() == Op.CONSTANT && node.lanes() != DType.BOOL) {
                ClassDesc vector = KernelSpecies.vector(node.lanes());
                type.withField(constant(number), vector, CONSTANT);
                species.push(code, node.lanes());
                KernelSpecies.number(code, node.lanes(), node.constant());
                KernelSpecies.broadcast(code, node.lanes());
                code.putstatic(KernelSpecies.SELF, constant(number), vector);
            }
        }
    }

    /** For the ends of reductions. */
    private static void rotations(ClassBuilder type, CodeBuilder code, KernelProgram program, KernelSpecies species) {
        ImmutableSet<DType> types = program.bodies().stream()
                .flatMap(body -> body.folds().stream())
                .map(fold -> program.cluster().type(fold.value()))
                .collect(ImmutableSet.toImmutableSet());
        for (DType lanes : types) {
            for (int half = species.lanes() / 2; half > 0; half /= 2) {
                type.withField(rotation(lanes, half), KernelSpecies.SHUFFLE, CONSTANT);
                species.push(code, lanes);
                code.loadConstant(half);
                code.iconst_1();
                code.iconst_1();
                code.invokestatic(KernelSpecies.SHUFFLE, "iota", IOTA);
                code.putstatic(KernelSpecies.SELF, rotation(lanes, half), KernelSpecies.SHUFFLE);
            }
        }
    }

    /** The name of the constant that is a node. */
    static String constant(int node) {
        return "CONSTANT_" + node;
    }

    /** The name of the constant that rotates vectors of a type by as many lanes. */
    static String rotation(DType type, int lanes) {
        return "ROTATE_" + type.name() + "_" + lanes;
    }

    private boolean hasLongSums() {
        return columns > BlockSum.BLOCK
                && program.bodies().stream()
                        .flatMap(body -> body.folds().stream())
                        .anyMatch(KernelProgram.Fold::isSum);
    }

    private int mostFolds() {
        return program.bodies().stream()
                .mapToInt(body -> body.folds().size())
                .max()
                .orElse(0);
    }

    private void run() {
        begin();
        if (carry >= 0) {
            code.loadConstant(mostFolds());
            code.invokestatic(CARRY, "take", MethodTypeDesc.of(CARRY, CD_int));
            code.astore(carry);
        }
        List<Integer> all = new ArrayList<>();
        program.bodies().forEach(body -> all.addAll(body.roots()));
        writer.keep(all, Level.ONCE);
        if (isFlat) {
            starts(-1);
            code.iload(TO);
            code.iload(FROM);
            code.isub();
            code.istore(TO);
            program.bodies().forEach(this::body);
        } else {
            rows();
        }
        if (carry >= 0) {
            code.aload(carry);
            code.invokevirtual(CARRY, "release", MTD_void);
        }
        code.return_();
    }

    private void begin() {
        GeneratedClass.begin(code, FROM, TO);
        GeneratedClass.countTurns(code, OFFSETS, program.clusterStreams(), code.allocateLocal(TypeKind.INT));
        GeneratedClass.sayNative(code, KernelWriter.MEMORY);
        if (!program.rooms().isEmpty()) {
            GeneratedClass.sayNative(code, KernelWriter.ROOMS);
        }
    }

    private void rows() {
        int row = code.allocateLocal(TypeKind.INT);
        code.iload(FROM);
        code.istore(row);
        GeneratedClass.loop(code, row, 1, () -> code.iload(TO), () -> {
            starts(row);
            program.bodies().forEach(this::body);
        });
    }

    /** Finds where the row of every stream begins or, of a flat cluster, the first element. */
    private void starts(int row) {
        IntOpenHashSet touched = program.touched();
        int streams = program.clusterStreams();
        for (int stream = 0; stream < streams + program.rooms().size(); stream++) {
            if (!touched.contains(stream)) {
                continue;
            }
            if (stream >= streams) {
                code.loadConstant(way.rooms.starts().get(stream - streams));
            } else {
                code.aload(OFFSETS);
                code.loadConstant(stream);
                code.laload();
            }
            if (!isFlat) {
                addRows(stream, row, stream >= streams);
            } else if (stream < streams && program.stream(stream).columnStride() != 0) {
                add(() -> code.iload(FROM), program.stream(stream).type().bytes());
            }
            code.loadConstant((1L << 56) - 1);
            code.land();
            code.lstore(writer.rowStart(stream));
        }
    }

    /** Adds what the rows before one take: all of a stream, those of the block of a room. */
    private void addRows(int stream, int row, boolean isRoom) {
        long rowBytes = (long) program.stream(stream).rowStride()
                * program.stream(stream).type().bytes();
        add(
                () -> {
                    code.iload(row);
                    if (isRoom) {
                        code.iload(FROM);
                        code.isub();
                    }
                },
                rowBytes);
    }

    /** Adds a number of so many bytes each to an address. */
    private void add(Runnable number, long bytes) {
        if (bytes != 0) {
            number.run();
            code.i2l();
            code.loadConstant(bytes);
            code.lmul();
            code.ladd();
        }
    }

    // ------------------------------------------------------------------------------------------------------- passes

    private void body(Body body) {
        List<Integer> roots = body.columnRoots();
        writer.keep(body.roots(), Level.EVERY_ROW);
        List<KernelFold> folds = body.folds().stream()
                .map(fold -> new KernelFold(
                        code, writer, species, fold, program.cluster().type(fold.value())))
                .toList();
        for (int i = 0; i < folds.size(); i++) {
            if (carry >= 0) {
                folds.get(i).begin(carry, i);
            } else {
                folds.get(i).begin();
            }
        }
        int vectors = Math.ceilDiv(columns, species.lanes());
        if (!roots.isEmpty()) {
            whole(body, folds);
            rest(body, folds);
            if (columns % BlockSum.BLOCK != 0) {
                folds.forEach(fold -> fold.carry(vectors));
            }
        }
        folds.forEach(fold -> fold.end(vectors));
        body.rows().forEach(writer::storeRow);
    }

    /** The loop over whole vectors of columns. */
    private void whole(Body body, List<KernelFold> folds) {
        int lanes = species.lanes();
        start();
        if (way.columns == Columns.REST || (!isFlat && columns < lanes)) {
            return;
        }
        int end = code.allocateLocal(TypeKind.INT);
        limit();
        code.loadConstant(lanes - 1);
        code.isub();
        code.istore(end);
        if (carry >= 0 && !folds.isEmpty()) {
            blocks(folds, end, block -> loop(body, folds, block));
        } else {
            loop(body, folds, end);
        }
    }

    /** Goes through the vectors up to an end, block by block, and carries whole blocks out. */
    private void blocks(List<KernelFold> folds, int end, IntConsumer loop) {
        int block = code.allocateLocal(TypeKind.INT);
        Label top = code.newLabel();
        Label open = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(top);
        code.iload(writer.column());
        code.iload(end);
        code.if_icmpge(done);
        code.iload(writer.column());
        code.loadConstant(BlockSum.BLOCK);
        code.iadd();
        code.iload(end);
        code.invokestatic(MATH, "min", MethodTypeDesc.of(CD_int, CD_int, CD_int));
        code.istore(block);
        loop.accept(block);
        code.iload(writer.column());
        code.loadConstant(BlockSum.BLOCK - 1);
        code.iand();
        code.ifne(open);
        folds.forEach(fold -> fold.carry(0));
        code.labelBinding(open);
        code.goto_(top);
        code.labelBinding(done);
    }

    private void loop(Body body, List<KernelFold> folds, int end) {
        GeneratedClass.loop(code, writer.column(), species.lanes(), () -> code.iload(end), () -> vector(body, folds));
    }

    private void start() {
        code.iconst_0();
        code.istore(writer.column());
    }

    private void limit() {
        if (isFlat) {
            code.iload(TO);
        } else {
            code.loadConstant(columns);
        }
    }

    /** The columns that do not fill a vector. */
    private void rest(Body body, List<KernelFold> folds) {
        if (way.columns == Columns.WHOLE || (!isFlat && columns % species.lanes() == 0)) {
            return;
        }
        Label none = code.newLabel();
        code.iload(writer.column());
        limit();
        code.if_icmpge(none);
        writer.beginMask(body.columnRoots(), this::limit);
        vector(body, folds);
        writer.endMask();
        code.labelBinding(none);
    }

    private void vector(Body body, List<KernelFold> folds) {
        writer.columns(body.columnRoots());
        folds.forEach(KernelFold::take);
        for (Store store : body.columns()) {
            writer.store(store);
        }
    }
}
