package dev.clew.internal.compile.rewrite;

import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import java.util.Arrays;
import java.util.Map;

/** K: sums of products become products over longer axes; likewise sums of sums, and of rows added by index. */
public final class MergeSums {
    private final Program program;
    private final Rewrite rewrite;
    private final int[] uses;
    /** The matrix that a node is some columns of, or -1. */
    private final int[] joined;
    /** Whether such a matrix depends on a node. */
    private final boolean[] leadsToJoined;

    public MergeSums(Program program) {
        this.program = program;
        this.rewrite = new Rewrite(program);
        this.uses = program.uses();
        this.joined = new int[program.size()];
        Arrays.fill(joined, -1);
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            boolean joins = node.op() instanceof Movement.Concat concat
                    && concat.axis() == 1
                    && node.shape().rank() == 2;
            for (int part = 0; joins && part < node.inputCount(); part++) {
                joined[node.input(part)] = i;
            }
        }
        this.leadsToJoined = leadsToJoined();
    }

    private boolean[] leadsToJoined() {
        boolean[] leads = new boolean[program.size()];
        for (int i = leads.length - 1; i >= 0; i--) {
            Node node = program.node(i);
            for (int input = 0; input < node.inputCount(); input++) {
                int from = node.input(input);
                leads[from] |= leads[i] || joined[from] >= 0;
            }
        }
        return leads;
    }

    // ------------------------------------------------------------------------------------------------- gates

    /** Σ dz·Wᵀ over the parameters that are parts of one joined matrix. */
    public Program gates() {
        int[] joinedBy = new int[program.size()];
        Arrays.fill(joinedBy, -1);
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            boolean joins = node.op() instanceof Movement.Concat
                    && node.shape().rank() == 2
                    && node.inputs().stream()
                            .allMatch(part -> program.node(part).isParameter());
            for (int part = 0; joins && part < node.inputCount(); part++) {
                joinedBy[node.input(part)] = i;
            }
        }
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).op() instanceof Elementwise.AddN) {
                gates(i, joinedBy);
            }
        }
        return rewrite.build();
    }

    private void gates(int sum, int[] joinedBy) {
        IntArrayList terms = new IntArrayList(program.node(sum).inputs().toArray());
        int before = terms.size();
        for (int i = 0; i < terms.size(); i++) {
            Node term = rewrite.node(terms.getInt(i));
            boolean isCandidate = Node.isMatrixProduct(term)
                    && terms.getInt(i) < program.size()
                    && !((MatMul) term.op()).transposeA()
                    && joinedBy[term.input(1)] >= 0;
            if (isCandidate) {
                int all = joinedBy[term.input(1)];
                gates(terms, i, (MatMul) term.op(), all);
            }
        }
        replace(sum, terms, before);
    }

    /** Merges the products with all parts of a joined matrix, if they are all among the terms. */
    private void gates(IntArrayList terms, int at, MatMul product, int all) {
        Node parameters = program.node(all);
        int axis = ((Movement.Concat) parameters.op()).axis();
        if (axis != (product.transposeB() ? 1 : 0)) {
            return;
        }
        int[] lefts = new int[parameters.inputCount()];
        IntArrayList members = new IntArrayList();
        for (int part = 0; part < lefts.length; part++) {
            int member = find(terms, product, parameters.input(part));
            if (member < 0 || members.contains(member)) { // A parameter may be joined with itself.
                return;
            }
            members.add(member);
            lefts[part] = program.node(member).input(0);
        }
        if (!members.contains(terms.getInt(at))) {
            return;
        }
        terms.set(at, rewrite.matmul(product, rewrite.concat(1, lefts), all));
        members.forEach(member -> terms.rem(member));
    }

    private int find(IntArrayList terms, MatMul product, int right) {
        for (int term : terms) {
            boolean matches = term < program.size()
                    && program.node(term).op().equals(product)
                    && program.node(term).input(1) == right
                    && uses[term] == 1;
            if (matches) {
                return term;
            }
        }
        return -1;
    }

    private void replace(int sum, IntArrayList terms, int before) {
        if (terms.size() == 1) {
            rewrite.replace(sum, terms.getInt(0));
        } else if (terms.size() < before) {
            Node node = program.node(sum);
            rewrite.replace(sum, rewrite.add(node.op(), node.shape(), node.type(), terms.toIntArray()));
        }
    }

    // ---------------------------------------------------------------------------------------------- over time

    public Program overTime() {
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).op() instanceof Elementwise.AddN) {
                overTime(i);
            }
        }
        return rewrite.build();
    }

    /** What terms of a sum must have in common to be one, beside their operation. */
    private record Kind(Object operation, Object detail) {}

    private void overTime(int sum) {
        Node node = program.node(sum);
        Map<Kind, IntArrayList> kinds = new Object2ObjectLinkedOpenHashMap<>();
        for (int term : node.inputs().toArray()) {
            kinds.computeIfAbsent(kind(term, sum), key -> new IntArrayList()).add(term);
        }
        if (kinds.size() == node.inputCount()) {
            return;
        }
        IntArrayList terms = new IntArrayList();
        kinds.forEach((kind, members) -> {
            if (members.size() > 1 && !kind.operation.equals(NONE)) {
                terms.add(merged(members, sum));
            } else {
                terms.addAll(members);
            }
        });
        replace(sum, terms, node.inputCount());
    }

    private static final String NONE = "none";

    private Kind kind(int term, int of) {
        Node node = program.node(term);
        if (node.op() instanceof Movement.Slice slice && Node.isMatrixProduct(input(node, 0))) {
            Node product = input(node, 0);
            return isSummable(node.input(0), product)
                    ? new Kind(product.op(), new Kind(Window.of(slice), product.shape()))
                    : new Kind(NONE, NONE);
        }
        boolean once = uses[term] == 1;
        if (once && Node.isMatrixProduct(node) && isSummable(term, node)) {
            return new Kind(node.op(), node.shape());
        }
        if (once
                && node.op() instanceof Reduction.Sum sum
                && isOverRows(sum, input(node, 0).shape())) {
            return new Kind(sum, new Kind(input(node, 0).shape().with(0, 1), columns(node.input(0), of)));
        }
        if (once && node.op() instanceof Selection.ScatterAdd scatter) {
            return new Kind(scatter, Shape.SCALAR);
        }
        return new Kind(NONE, NONE);
    }

    private Node input(Node node, int i) {
        return program.node(node.input(i));
    }

    /** Neither operand is a parameter, or made of parameters only: gluing a recurrence to what can be hoisted costs both. */
    private boolean isSummable(int position, Node product) {
        return position >= 0 && !isConstantOverTime(product.input(0)) && !isConstantOverTime(product.input(1));
    }

    private boolean isConstantOverTime(int position) {
        Node node = program.node(position);
        return node.isParameter()
                || (node.op() instanceof Movement.Concat
                        && node.inputs().stream()
                                .allMatch(part -> program.node(part).isParameter()));
    }

    private static boolean isOverRows(Reduction.Sum sum, Shape shape) {
        return sum.axes().length() == 1 && sum.axes().get(0) == 0 && shape.rank() > 0;
    }

    private int merged(IntArrayList members, int of) {
        Node first = program.node(members.getInt(0));
        if (first.op() instanceof Movement.Slice slice) {
            IntArrayList products = new IntArrayList();
            members.forEach(member -> products.add(program.node(member).input(0)));
            int product = product(products);
            return rewrite.add(first.op(), Window.of(slice).size(), first.type(), product);
        }
        return switch (first.op()) {
            case MatMul _ -> product(members);
            case Reduction.Sum sum -> rowSum(sum, first, inputs(members, 0), of);
            case Selection.ScatterAdd scatter -> scatter(members, scatter);
            case Elementwise _, Reduction _, Scan _, Movement _, Selection _, Source _, Custom _ ->
                throw new IllegalStateException("no merge of " + first.describe());
        };
    }

    private int[] inputs(IntArrayList members, int i) {
        return members.intStream().map(member -> program.node(member).input(i)).toArray();
    }

    private int product(IntArrayList members) {
        MatMul product = (MatMul) program.node(members.getInt(0)).op();
        int a = rewrite.concat(product.transposeA() ? 0 : 1, inputs(members, 0));
        int b = rewrite.concat(product.transposeB() ? 1 : 0, inputs(members, 1));
        return rewrite.matmul(product, a, b);
    }

    /** The sum over the rows of all; if each is some columns of a joined matrix, then of those matrices, and columns of that. */
    private int rowSum(Reduction.Sum sum, Node first, int[] terms, int of) {
        Part columns = columns(terms[0], of);
        if (columns.equals(Part.OWN)) {
            return rewrite.add(sum, first.shape(), first.type(), rewrite.concat(0, terms));
        }
        int all =
                rewrite.concat(0, Arrays.stream(terms).map(term -> joined[term]).toArray());
        return rewrite.slice(
                rewrite.add(sum, Shape.of(1, columns.all), first.type(), all),
                1,
                columns.before,
                first.shape().length(1));
    }

    /** Which columns of a joined matrix a node is: how many come before, and how many there are. */
    private record Part(int before, int all) {
        static final Part OWN = new Part(0, 0);
    }

    /** The columns that a node is of a matrix that can be known before a sum; that matrix must not wait for the sum. */
    private Part columns(int node, int sum) {
        if (joined[node] < 0 || leadsToJoined[sum]) {
            return Part.OWN;
        }
        Node concat = program.node(joined[node]);
        int part = concat.inputs().indexOf(node);
        return new Part(
                ((Movement.Concat) concat.op()).starts().get(part),
                concat.shape().length(1));
    }

    private int scatter(IntArrayList members, Selection.ScatterAdd scatter) {
        int[] rows = inputs(members, 0);
        int[] indices = inputs(members, 1);
        for (int i = 0; i < rows.length; i++) {
            int count = rewrite.node(indices[i]).shape().elements();
            indices[i] = rewrite.reshape(indices[i], Shape.of(count));
            rows[i] = rewrite.reshape(rows[i], scatter.to().with(0, count));
        }
        Node first = program.node(members.getInt(0));
        return rewrite.add(scatter, first.shape(), first.type(), rewrite.concat(0, rows), rewrite.concat(0, indices));
    }
}
