package dev.clew.internal.runtime.kernel;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.clew.array.DType;
import dev.clew.internal.runtime.kernel.KernelGraph.Level;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import dev.clew.internal.runtime.kernel.KernelProgram.Store;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;

/**
 * Writes the nodes of a vector kernel as bytecode.
 *
 * <p>A node that is used once is computed where it is used, on the operand stack; others have a local variable. All that is stored is
 * computed before any of it is, because an output may lie upon an input.
 */
final class KernelWriter {
    private static final ClassDesc LAYOUT = ClassDesc.ofDescriptor(ValueLayout.class.descriptorString());
    private static final ClassDesc MASKS = ClassDesc.ofDescriptor(KernelMasks.class.descriptorString());
    private static final ClassDesc MATH = ClassDesc.ofDescriptor(Math.class.descriptorString());
    static final int MEMORY = 1;
    static final int ROOMS = 3;

    private final CodeBuilder code;
    private final KernelProgram program;
    private final KernelGraph graph;
    private final KernelSpecies species;
    private final KernelOps ops;

    /** The local variable of a node, or −1. */
    private final int[] homes;
    /** How often a column node is still to be used. */
    private final int[] uses;

    private final IntArrayList free = new IntArrayList();
    private final EnumMap<DType, Integer> masks = new EnumMap<>(DType.class);
    private final int[] rowStarts;
    private final int column;
    /** The local variable with the number of columns that a mask leaves, or −1 while there is no mask. */
    private int left = -1;

    KernelWriter(CodeBuilder code, KernelProgram program, KernelSpecies species) {
        this.code = code;
        this.program = program;
        this.graph = program.graph();
        this.species = species;
        this.ops = new KernelOps(code, species);
        this.homes = new int[graph.size()];
        this.uses = new int[graph.size()];
        this.rowStarts = new int[program.clusterStreams() + program.rooms().size()];
        Arrays.fill(homes, -1);
        program.touched().forEach(stream -> rowStarts[stream] = code.allocateLocal(TypeKind.LONG));
        this.column = code.allocateLocal(TypeKind.INT);
    }

    /** The local variable of the first column of a vector. */
    int column() {
        return column;
    }

    /** The local variable of the byte where the row of a stream begins. */
    int rowStart(int stream) {
        return rowStarts[stream];
    }

    // -------------------------------------------------------------------------------------------------------- nodes

    /** Computes nodes of a level that some roots are made of, and keeps them in local variables. */
    void keep(List<Integer> roots, Level level) {
        boolean[] isNeeded = program.needed(roots);
        for (int node = 0; node < isNeeded.length; node++) {
            Op op = graph.node(node).op();
            boolean isThere = homes[node] >= 0 || op == Op.CONSTANT || op == Op.REDUCED;
            if (isNeeded[node] && graph.level(node) == level && !isThere) {
                compute(node);
                keepTop(node);
            }
        }
    }

    /** Makes what is on the stack a node's value for all that follows. */
    void keepTop(int node) {
        homes[node] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(homes[node]);
    }

    /** Computes column nodes that are roots or are used more than once. */
    void columns(List<Integer> roots) {
        boolean[] isNeeded = program.needed(roots);
        Arrays.fill(uses, 0);
        boolean[] isRoot = new boolean[uses.length];
        for (int root : roots) {
            uses[root]++;
            isRoot[root] = true;
        }
        for (int node = 0; node < isNeeded.length; node++) {
            for (int operand : isNeeded[node] ? graph.operands(node) : new int[0]) {
                uses[operand]++;
            }
        }
        for (int node = 0; node < isNeeded.length; node++) {
            boolean isColumn = isNeeded[node] && graph.level(node) == Level.EVERY_COLUMN;
            if (isColumn && (isRoot[node] || uses[node] > 1)) {
                compute(node);
                homes[node] = free.isEmpty() ? code.allocateLocal(TypeKind.REFERENCE) : free.popInt();
                code.astore(homes[node]);
            }
        }
    }

    void push(int node) {
        if (homes[node] < 0) {
            compute(node);
            return;
        }
        code.aload(homes[node]);
        if (graph.level(node) == Level.EVERY_COLUMN && --uses[node] == 0) {
            free.push(homes[node]);
            homes[node] = -1;
        }
    }

    private void compute(int number) {
        KernelNode node = graph.node(number);
        switch (node.op()) {
            case LOAD -> load(node);
            case LOAD_ROW -> loadRow(node);
            case REDUCED -> throw new IllegalStateException("value " + node.a() + " is used before it is complete");
            case CONSTANT ->
                code.getstatic(KernelSpecies.SELF, KernelCode.constant(number), KernelSpecies.vector(node.lanes()));
            case TRUTH -> species.truth(code, node.lanes(), node.constant() != 0);
            default -> ops.write(node, this::push, graph.lanes(node.a()));
        }
    }

    // -------------------------------------------------------------------------------------------------------- masks

    /** Begins code in which only the columns before a limit count, which {@code limit} pushes. */
    void beginMask(List<Integer> roots, Runnable limit) {
        limit.run();
        code.iload(column);
        code.isub();
        code.loadConstant(species.lanes());
        code.invokestatic(MATH, "min", MethodTypeDesc.of(CD_int, CD_int, CD_int));
        left = code.allocateLocal(TypeKind.INT);
        code.istore(left);
        boolean[] isNeeded = program.needed(roots);
        for (int node = 0; node < isNeeded.length; node++) {
            boolean isVector = isNeeded[node] && !graph.isMask(node);
            if (isVector && (graph.level(node) == Level.EVERY_COLUMN || roots.contains(node))) {
                mask(graph.lanes(node));
            }
        }
    }

    private void mask(DType type) {
        if (!masks.containsKey(type)) {
            species.push(code, type);
            code.lconst_1();
            code.iload(left);
            code.lshl();
            code.lconst_1();
            code.lsub();
            KernelSpecies.fromBits(code, type);
            int slot = code.allocateLocal(TypeKind.REFERENCE);
            code.astore(slot);
            masks.put(type, slot);
        }
    }

    void endMask() {
        masks.clear();
        left = -1;
    }

    boolean isMasked() {
        return left >= 0;
    }

    void pushMask(DType type) {
        Integer slot = masks.get(type);
        if (slot == null) {
            throw new IllegalStateException("no mask for " + type);
        }
        code.aload(slot);
    }

    // ------------------------------------------------------------------------------------------------------- memory

    private void memory(int stream) {
        code.aload(isRoom(stream) ? ROOMS : MEMORY);
    }

    private boolean isRoom(int stream) {
        return stream >= program.clusterStreams();
    }

    private void address(int stream) {
        code.lload(rowStarts[stream]);
        code.iload(column);
        code.i2l();
        int bytes = program.stream(stream).type().bytes();
        if (bytes > 1) {
            code.loadConstant(Integer.numberOfTrailingZeros(bytes));
            code.lshl();
        }
        code.ladd();
    }

    private void count() {
        if (isMasked()) {
            code.iload(left);
        } else {
            code.loadConstant(species.lanes());
        }
    }

    private void load(KernelNode node) {
        if (node.isMask()) {
            species.push(code, node.lanes());
            code.aload(MEMORY);
            address(node.a());
            count();
            code.invokestatic(MASKS, "load", MethodTypeDesc.of(CD_long, KernelOps.SEGMENT, CD_long, CD_int));
            KernelSpecies.fromBits(code, node.lanes());
        } else {
            // Of a masked vector too: what the other lanes make of what they find is stored nowhere. A masked load is
            // as
            // fast, but so much code before C2 compiles it that C1 runs out of registers.
            species.push(code, node.lanes());
            memory(node.a());
            address(node.a());
            ops.load(node.lanes());
        }
    }

    /** Stores a node in the columns of a stream. */
    void store(Store store) {
        DType type = program.stream(store.stream()).type();
        if (type == DType.BOOL) {
            code.aload(MEMORY);
            address(store.stream());
            count();
            storeBits(store.node());
            return;
        }
        push(store.node());
        KernelSpecies.exactly(code, KernelSpecies.vector(type));
        memory(store.stream());
        address(store.stream());
        ops.order();
        boolean isCut = isMasked() && !isRoom(store.stream());
        if (isCut) {
            pushMask(type);
        }
        ops.store(type, isCut);
    }

    private void storeBits(int node) {
        push(node);
        code.invokevirtual(KernelSpecies.MASK, "toLong", MethodTypeDesc.of(CD_long));
        code.invokestatic(MASKS, "store", MethodTypeDesc.of(CD_void, KernelOps.SEGMENT, CD_long, CD_int, CD_long));
    }

    private void loadRow(KernelNode node) {
        species.push(code, node.lanes());
        memory(node.a());
        if (node.isMask()) {
            code.lload(rowStarts[node.a()]);
            code.iconst_1();
            code.invokestatic(MASKS, "load", MethodTypeDesc.of(CD_long, KernelOps.SEGMENT, CD_long, CD_int));
            code.l2i();
            KernelSpecies.maskAll(code, node.lanes());
            return;
        }
        ClassDesc layout = layout(node.lanes());
        code.lload(rowStarts[node.a()]);
        code.invokeinterface(
                KernelOps.SEGMENT, "get", MethodTypeDesc.of(KernelSpecies.element(node.lanes()), layout, CD_long));
        KernelSpecies.broadcast(code, node.lanes());
    }

    /** Stores the first lane of a node at the row of a stream. */
    void storeRow(Store store) {
        DType type = program.stream(store.stream()).type();
        if (type == DType.BOOL) {
            code.aload(MEMORY);
            code.lload(rowStarts[store.stream()]);
            code.iconst_1();
            storeBits(store.node());
            return;
        }
        push(store.node());
        memory(store.stream());
        code.lload(rowStarts[store.stream()]);
        ops.order();
        boolean isCut = !isRoom(store.stream());
        if (isCut) {
            // A masked store, because taking a lane out is long code before it is compiled.
            species.push(code, type);
            code.lconst_1();
            KernelSpecies.fromBits(code, type);
        }
        ops.store(type, isCut);
    }

    /** Pushes the layout of one element, and says which class it is of. */
    private ClassDesc layout(DType type) {
        String name = type == DType.F64 ? "Double" : type == DType.F32 ? "Float" : "Int";
        ClassDesc layout = LAYOUT.nested("Of" + name);
        code.getstatic(LAYOUT, "JAVA_" + name.toUpperCase(Locale.ROOT) + "_UNALIGNED", layout);
        return layout;
    }

    KernelOps ops() {
        return ops;
    }

    /** The node of what a reduction makes. */
    int reduced(int value) {
        return graph.add(KernelNode.leaf(Op.REDUCED, program.cluster().type(value), false, value, 0));
    }
}
