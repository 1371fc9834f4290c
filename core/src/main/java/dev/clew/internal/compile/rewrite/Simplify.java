package dev.clew.internal.compile.rewrite;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Literals;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Unary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.stream.IntStream;

/**
 * Algebra that is exact: every node once, multiplications by 1, chains of sums as one sum, views of views as one, transposes
 * as flags of products, products with one-hot rows as choices of rows.
 */
public final class Simplify {
    private final Program program;
    private final boolean[] isFirstTerm;
    private final Program.Builder builder;
    private final int[] moved;

    private Simplify(Program program) {
        this.program = program;
        this.isFirstTerm = firstTerms(program);
        this.builder = new Program.Builder(program.size());
        this.moved = new int[program.size()];
    }

    public static Program of(Program program) {
        return new Simplify(program).run();
    }

    private Program run() {
        for (int i = 0; i < moved.length; i++) {
            Node node = program.node(i);
            if (node.isLeaf()) {
                moved[i] = builder.leaf(node);
            } else if (isSum(node)) {
                moved[i] = isFirstTerm[i] ? -1 : sum(terms(i), isSumInOrder(node), node);
            } else {
                moved[i] = add(node.moved(moved));
            }
        }
        int[] outputs = program.outputs();
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = moved[outputs[i]];
        }
        return builder.build(outputs);
    }

    private int add(Op op, Shape shape, Node like, int... inputs) {
        return add(new Node(op, shape, like.type(), inputs).in(like.phase()));
    }

    private int add(Node node) {
        return switch (node.op()) {
            case Unary unary -> unary == Unary.STOP_GRADIENT ? node.input(0) : builder.add(node);
            case Binary binary -> binary(node, binary);
            case Elementwise.Cast cast -> input(node, 0).type() == cast.to() ? node.input(0) : builder.add(node);
            case Movement.Reshape reshape -> reshape(node);
            case Movement.Broadcast broadcast -> broadcast(node, broadcast);
            case Movement.Transpose transpose -> transpose(node, transpose);
            case Movement.Slice slice -> slice(node, slice);
            case Place place -> place(node, place);
            case Movement.Concat concat -> concat(node, concat);
            case MatMul product -> product(node, product);
            case Elementwise.Where _, Elementwise.AddN _ -> builder.add(node);
            case Reduction _, Scan _, Selection _, Source _, Custom _ -> builder.add(node);
        };
    }

    private Node input(Node node, int i) {
        return builder.node(node.input(i));
    }

    private int binary(Node node, Binary operation) {
        if (operation == Binary.WITH_DERIVATIVE_OF) {
            return node.input(0);
        }
        boolean byOne = operation == Binary.TIMES || operation == Binary.DIV;
        if (byOne && Literals.is(builder, node.input(1), 1)) {
            return node.input(0);
        }
        if (operation == Binary.TIMES && Literals.is(builder, node.input(0), 1)) {
            return node.input(1);
        }
        if (byOne && node.type().isFloating() && Literals.is(builder, node.input(1), -1)) {
            return add(Unary.NEGATE, node.shape(), node, node.input(0));
        }
        return builder.add(node);
    }

    // -------------------------------------------------------------------------------------------------------- sums

    private static boolean isSum(Node node) {
        return (node.op() == Binary.PLUS || node.op() instanceof Elementwise.AddN)
                && node.type().isFloating();
    }

    /** Whether it adds its terms in their order, so that more may come before and after. */
    private static boolean isSumInOrder(Node node) {
        return isSum(node) && (!(node.op() instanceof Elementwise.AddN sum) || sum.isInOrder(node.inputCount()));
    }

    /** Which sums are only the beginning of another sum; they need no node of their own. */
    private static boolean[] firstTerms(Program program) {
        int[] uses = program.uses();
        boolean[] isFirstTerm = new boolean[program.size()];
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            boolean goesOn =
                    isSumInOrder(node) && uses[node.input(0)] == 1 && isSumInOrder(program.node(node.input(0)));
            if (goesOn && node.phase() == 0) {
                isFirstTerm[node.input(0)] = true;
            }
        }
        return isFirstTerm;
    }

    /** The terms of a chain of sums, in the order in which they are added: one longer sum adds them in the same order. */
    private int[] terms(int end) {
        IntArrayList backward = new IntArrayList();
        int at = end;
        while (true) {
            Node node = program.node(at);
            for (int i = node.inputCount() - 1; i > 0; i--) {
                backward.add(moved[node.input(i)]);
            }
            at = node.input(0);
            if (!isFirstTerm[at]) {
                break;
            }
        }
        backward.add(moved[at]);
        int[] terms = backward.toIntArray();
        IntArrays.reverse(terms);
        return terms;
    }

    /** A sum of like reshapes is the reshape of a sum. */
    private int sum(int[] terms, boolean isInOrder, Node like) {
        Node first = builder.node(terms[0]);
        if (first.op() instanceof Movement.Reshape) {
            Shape inner = input(first, 0).shape();
            int[] shown = new int[terms.length];
            for (int i = 0; i < terms.length; i++) {
                Node term = builder.node(terms[i]);
                if (!(term.op() instanceof Movement.Reshape)
                        || !input(term, 0).shape().equals(inner)) {
                    return addN(terms, isInOrder, like);
                }
                shown[i] = term.input(0);
            }
            return reshaped(addN(shown, isInOrder, like), like.shape());
        }
        return addN(terms, isInOrder, like);
    }

    private int addN(int[] terms, boolean isInOrder, Node like) {
        Shape shape = builder.node(terms[0]).shape();
        boolean isChain = isInOrder && terms.length > Elementwise.AddN.BLOCK;
        return add(new Elementwise.AddN(isChain), shape, like, terms);
    }

    // ------------------------------------------------------------------------------------------------------- views

    private int reshaped(int x, Shape to) {
        Node node = builder.node(x);
        return reshape(new Node(new Movement.Reshape(to), to, node.type(), x));
    }

    private int reshape(Node node) {
        int x = node.input(0);
        while (builder.node(x).op() instanceof Movement.Reshape) {
            x = builder.node(x).input(0);
        }
        Node from = builder.node(x);
        if (from.shape().equals(node.shape())) {
            return x;
        }
        boolean repeatsOne = from.op() instanceof Movement.Broadcast
                && builder.node(from.input(0)).shape().elements() == 1;
        if (repeatsOne) {
            int scalar = reshaped(from.input(0), Shape.SCALAR);
            return add(new Movement.Broadcast(node.shape()), node.shape(), node, scalar);
        }
        return builder.add(node.withInputs(x));
    }

    private int broadcast(Node node, Movement.Broadcast broadcast) {
        Node from = input(node, 0);
        if (from.shape().equals(broadcast.to())) {
            return node.input(0);
        }
        boolean repeatsOne = from.shape().elements() == 1 && from.shape().rank() > 0;
        if (repeatsOne) {
            return add(broadcast, node.shape(), node, reshaped(node.input(0), Shape.SCALAR));
        }
        return from.op() instanceof Movement.Broadcast
                ? broadcast(node.withInputs(from.input(0)), broadcast)
                : builder.add(node);
    }

    /** A transpose of a transpose is one; one that leaves all axes where they are, but for those of length 1, moves no element. */
    private int transpose(Node node, Movement.Transpose transpose) {
        Node from = input(node, 0);
        if (from.op() instanceof Movement.Transpose first) {
            int[] order = transpose.order().stream().map(first.order()::get).toArray();
            Movement.Transpose both = new Movement.Transpose(IntTuple.of(order));
            return transpose(new Node(both, node.shape(), node.type(), from.input(0)), both);
        }
        if (isAscending(transpose.order().stream())) {
            return node.input(0);
        }
        boolean keepsOrder = isAscending(
                transpose.order().stream().filter(axis -> from.shape().length(axis) != 1));
        return keepsOrder && !isExchange(node) ? reshaped(node.input(0), node.shape()) : builder.add(node);
    }

    private static boolean isAscending(IntStream axes) {
        int[] given = axes.toArray();
        for (int i = 1; i < given.length; i++) {
            if (given[i] < given[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a node is a matrix with rows for columns, which a product takes as a flag. */
    private static boolean isExchange(Node node) {
        return node.op() instanceof Movement.Transpose transpose
                && transpose.order().equals(IntTuple.of(1, 0));
    }

    private int slice(Node node, Movement.Slice slice) {
        Node from = input(node, 0);
        if (from.shape().equals(node.shape()) && SlicesAndConcats.isPlain(Window.of(slice))) {
            return node.input(0);
        }
        if (from.op() instanceof Movement.Slice outer) {
            Window window = SlicesAndConcats.within(Window.of(outer), Window.of(slice));
            return builder.add(window.slice(), window.size(), node.type(), from.input(0));
        }
        return SlicesAndConcats.sliceOfConcat(builder, node, Window.of(slice));
    }

    /** Parts without elements join nothing. */
    private int concat(Node node, Movement.Concat concat) {
        IntArrayList parts = new IntArrayList();
        IntArrayList starts = new IntArrayList();
        for (int i = 0; i < node.inputCount(); i++) {
            if (input(node, i).shape().length(concat.axis()) > 0) {
                parts.add(node.input(i));
                starts.add(concat.starts().get(i));
            }
        }
        if (parts.size() < 2) {
            return parts.isEmpty() ? node.input(0) : parts.getInt(0);
        }
        if (parts.size() == node.inputCount()) {
            return SlicesAndConcats.concat(builder, node);
        }
        Movement.Concat some = new Movement.Concat(concat.axis(), IntTuple.of(starts.toIntArray()));
        return SlicesAndConcats.concat(
                builder, new Node(some, node.shape(), node.type(), parts.toIntArray()).in(node.phase()));
    }

    /** Windows that cover everything once, along one axis, are a concat. */
    private int place(Node node, Place place) {
        int axis = SlicesAndConcats.tiledAxis(place);
        if (axis < 0) {
            return builder.add(node);
        }
        int[] parts = new int[place.windows().size()];
        int[] order = SlicesAndConcats.order(place, axis);
        IntArrayList starts = new IntArrayList(parts.length);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = node.input(order[i]);
            starts.add(place.windows().get(order[i]).start().get(axis));
        }
        return add(new Movement.Concat(axis, IntTuple.of(starts.toIntArray())), node.shape(), node, parts);
    }

    // ---------------------------------------------------------------------------------------------------- products

    private int product(Node node, MatMul product) {
        if (node.shape().rank() != 2 || node.isContinued()) {
            return builder.add(node);
        }
        Node a = input(node, 0);
        Node b = input(node, 1);
        if (isExchange(a)) {
            return add(
                    new MatMul(!product.transposeA(), product.transposeB()),
                    node.shape(),
                    node,
                    a.input(0),
                    node.input(1));
        }
        if (isExchange(b)) {
            return add(
                    new MatMul(product.transposeA(), !product.transposeB()),
                    node.shape(),
                    node,
                    node.input(0),
                    b.input(0));
        }
        Node rows = a.op() instanceof Movement.Reshape ? input(a, 0) : a;
        boolean chooses = rows.op() instanceof Selection.OneHot oneHot
                && oneHot.classes() == a.shape().length(1)
                && !product.transposeB();
        return chooses ? chosen(node, product, rows.input(0)) : builder.add(node);
    }

    /** One row of ones per row is a choice of rows; the other way round it is their sum by index. */
    private int chosen(Node node, MatMul product, int indices) {
        int rows = reshaped(indices, Shape.of(builder.node(indices).shape().elements()));
        return product.transposeA()
                ? add(new Selection.ScatterAdd(node.shape()), node.shape(), node, node.input(1), rows)
                : add(new Selection.Gather(), node.shape(), node, node.input(1), rows);
    }
}
