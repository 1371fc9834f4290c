package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.array.Shape;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Selection;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Small products become large ones. A product has three axes, so there are three merges: products that share the left operand
 * (the columns of a step), products whose results are summed (the gradient of a weight over all steps), and products that share
 * the right operand and do not wait for each other (all steps' inputs). What followed a merged product step by step is then
 * lifted to all steps at once.
 */
final class MergeGemms {
    private MergeGemms() {}

    /** What is done, in this order; after each, nodes that have become equal are one. */
    static final ImmutableList<UnaryOperator<Program>> STEPS = ImmutableList.of(
            program -> new Columns(program).parameters(),
            program -> new Sums(program).gates(),
            program -> new Columns(program).parts(),
            program -> new Leftovers(program).run(),
            program -> new Sums(program).overTime(),
            MergeRows::of,
            Lift::of);

    @SuppressWarnings("ReferenceEquality") // A step that changes nothing gives the same program back.
    static Program of(Program program) {
        Program merged = program;
        for (UnaryOperator<Program> step : STEPS) {
            Program next = step.apply(merged);
            merged = next == merged ? merged : Simplify.of(next);
        }
        return merged;
    }

    private static boolean isMatrixProduct(Node node) {
        return node.op() instanceof MatMul && node.shape().rank() == 2;
    }

    /** N: products that share the left operand become one, of which each is some columns. */
    private static final class Columns {
        private final Program program;
        private final Rewrite rewrite;

        Columns(Program program) {
            this.program = program;
            this.rewrite = new Rewrite(program);
        }

        /**
         * What a parameter is multiplied with from the left. Parameters with equal signatures are used alike: merging their
         * products cannot make a cycle, because what comes before them is the same.
         */
        private record Signature(MatMul product, IntList lefts) {}

        Program parameters() {
            Map<Integer, Map<MatMul, IntArrayList>> products = new Object2ObjectLinkedOpenHashMap<>();
            for (int i = 0; i < program.size(); i++) {
                Node node = program.node(i);
                boolean isCandidate = isMatrixProduct(node)
                        && !((MatMul) node.op()).transposeA()
                        && program.node(node.input(1)).isParameter();
                if (isCandidate) {
                    products.computeIfAbsent(node.input(1), key -> new Object2ObjectLinkedOpenHashMap<>())
                            .computeIfAbsent((MatMul) node.op(), key -> new IntArrayList())
                            .add(i);
                }
            }
            Map<Signature, IntArrayList> classes = new Object2ObjectLinkedOpenHashMap<>();
            products.forEach((parameter, byProduct) -> byProduct.forEach((product, members) -> {
                IntArrayList lefts = new IntArrayList();
                members.forEach(member -> lefts.add(program.node(member).input(0)));
                classes.computeIfAbsent(new Signature(product, lefts), key -> new IntArrayList())
                        .add((int) parameter);
            }));
            classes.forEach((signature, parameters) -> {
                if (parameters.size() > 1) {
                    merge(signature.product, parameters, products);
                }
            });
            return rewrite.build();
        }

        private void merge(MatMul product, IntArrayList parameters, Map<Integer, Map<MatMul, IntArrayList>> products) {
            int all = rewrite.concat(product.transposeB() ? 0 : 1, parameters.toIntArray());
            List<IntArrayList> members = parameters
                    .intStream()
                    .mapToObj(parameter -> of(products, parameter).get(product))
                    .toList();
            for (int step = 0; step < members.getFirst().size(); step++) {
                int left = program.node(members.getFirst().getInt(step)).input(0);
                int merged = rewrite.matmul(product, left, all);
                int from = 0;
                for (IntArrayList each : members) {
                    int width = program.node(each.getInt(step)).shape().length(1);
                    rewrite.replace(each.getInt(step), rewrite.slice(merged, 1, from, width));
                    from += width;
                }
            }
        }

        private static <K, V> V of(Map<K, V> map, K key) {
            V value = map.get(key);
            if (value == null) {
                throw new IllegalStateException("nothing is known of " + key);
            }
            return value;
        }

        /** Products of one left operand with every part of a joined matrix are the product with that matrix. */
        Program parts() {
            Long2IntOpenHashMap known = new Long2IntOpenHashMap();
            known.defaultReturnValue(-1);
            int[] level = levels(program);
            for (int i = 0; i < program.size(); i++) {
                Node node = program.node(i);
                if (isMatrixProduct(node) && !((MatMul) node.op()).transposeB()) {
                    known.put(key(node.input(0), node.input(1), (MatMul) node.op()), i);
                }
            }
            Program.Users users = program.users();
            for (int i = 0; i < program.size(); i++) {
                Node node = program.node(i);
                boolean isJoined = node.op() instanceof Movement.Concat concat
                        && concat.axis() == 1
                        && node.shape().rank() == 2
                        && areLevel(node, level);
                if (isJoined) {
                    mergeParts(i, users, known);
                }
            }
            return rewrite.build();
        }

        private static long key(int left, int right, MatMul product) {
            return ((long) left << 32 | right) * 2 + (product.transposeA() ? 1 : 0);
        }

        /** Products with parts of one level are of one level, and products of one level do not wait for each other. */
        private boolean areLevel(Node concat, int[] level) {
            int first = after(program, level, concat.input(0));
            return concat.inputs().stream().allMatch(part -> after(program, level, part) == first);
        }

        private void mergeParts(int concat, Program.Users users, Long2IntOpenHashMap known) {
            Node node = program.node(concat);
            int first = node.input(0);
            for (int use = 0; use < users.count(first); use++) {
                Node user = program.node(users.user(first, use));
                boolean isCandidate = isMatrixProduct(user)
                        && user.input(1) == first
                        && !((MatMul) user.op()).transposeB()
                        && rewrite.stands(users.user(first, use));
                if (isCandidate) {
                    mergeParts(concat, user.input(0), (MatMul) user.op(), known);
                }
            }
        }

        private void mergeParts(int concat, int left, MatMul product, Long2IntOpenHashMap known) {
            Node node = program.node(concat);
            int[] members = new int[node.inputs().length()];
            for (int part = 0; part < members.length; part++) {
                members[part] = known.get(key(left, node.input(part), product));
                if (members[part] < 0 || !rewrite.stands(members[part])) {
                    return;
                }
            }
            if (Arrays.stream(members).distinct().count() < members.length) {
                return;
            }
            int merged = rewrite.matmul(product, left, concat);
            int from = 0;
            for (int member : members) {
                int width = program.node(member).shape().length(1);
                rewrite.replace(member, rewrite.slice(merged, 1, from, width));
                from += width;
            }
        }
    }

    /** The largest number of products on a path through a node. */
    private static int after(Program program, int[] level, int node) {
        return level[node] + (program.node(node).op() instanceof MatMul ? 1 : 0);
    }

    /** For every node the largest number of products on a path to it. */
    static int[] levels(Program program) {
        int[] level = new int[program.size()];
        for (int i = 0; i < level.length; i++) {
            Node node = program.node(i);
            for (int input = 0; input < node.inputs().length(); input++) {
                level[i] = Math.max(level[i], after(program, level, node.input(input)));
            }
        }
        return level;
    }

    /**
     * Still N: at the ends of a loop the products of one left operand may lack the joined matrix that the other steps have, since
     * no gradient flows on from there. They are summed with columns of the other steps' products, and that tells which columns
     * they are.
     */
    private static final class Leftovers {
        private final Program program;
        private final Rewrite rewrite;
        private final Map<Kin, TreeMap<Integer, Integer>> found = new Object2ObjectLinkedOpenHashMap<>();

        Leftovers(Program program) {
            this.program = program;
            this.rewrite = new Rewrite(program);
        }

        /** Products of one left operand that are to be columns of one product of some width. */
        private record Kin(MatMul product, int left, int width) {}

        Program run() {
            for (int i = 0; i < program.size(); i++) {
                if (program.node(i).op() instanceof Elementwise.AddN) {
                    collect(program.node(i));
                }
            }
            int[] level = levels(program);
            found.forEach((kin, columns) -> merge(kin, columns, level));
            return rewrite.build();
        }

        private void collect(Node sum) {
            int[] terms = sum.inputs().toArray();
            for (int term : terms) {
                Node node = program.node(term);
                boolean isColumns = node.op() instanceof Movement.Slice
                        && isMatrixProduct(program.node(node.input(0)))
                        && node.shape().length(0)
                                == program.node(node.input(0)).shape().length(0);
                if (isColumns) {
                    collect(terms, program.node(node.input(0)), ((Movement.Slice) node.op()).window());
                    return;
                }
            }
        }

        private void collect(int[] terms, Node whole, Movement.Window window) {
            for (int term : terms) {
                Node node = program.node(term);
                if (node.op().equals(whole.op()) && isMatrixProduct(node) && !((MatMul) node.op()).transposeB()) {
                    Kin kin = new Kin(
                            (MatMul) node.op(), node.input(0), whole.shape().length(1));
                    found.computeIfAbsent(kin, _ -> new TreeMap<>())
                            .put(window.start().get(1), term);
                }
            }
        }

        private void merge(Kin kin, NavigableMap<Integer, Integer> columns, int[] level) {
            int next = 0;
            for (Map.Entry<Integer, Integer> each : columns.entrySet()) {
                Node member = program.node(each.getValue());
                int first = program.node(columns.firstEntry().getValue()).input(1);
                boolean fits =
                        each.getKey() == next && after(program, level, member.input(1)) == after(program, level, first);
                if (!fits) {
                    return;
                }
                next += member.shape().length(1);
            }
            if (next != kin.width || columns.size() < 2) {
                return;
            }
            int[] rights = columns.values().stream()
                    .mapToInt(member -> program.node(member).input(1))
                    .toArray();
            int merged = rewrite.matmul(kin.product, kin.left, rewrite.concat(1, rights));
            columns.forEach((start, member) -> rewrite.replace(
                    member,
                    rewrite.slice(merged, 1, start, program.node(member).shape().length(1))));
        }
    }

    /** K: sums of products become products over longer axes; likewise sums of sums, and of rows added by index. */
    private static final class Sums {
        private final Program program;
        private final Rewrite rewrite;
        private final int[] uses;
        /** The matrix that a node is some columns of, or -1. */
        private final int[] joined;
        /** Whether such a matrix depends on a node. */
        private final boolean[] leadsToJoined;

        Sums(Program program) {
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
                for (int part = 0; joins && part < node.inputs().length(); part++) {
                    joined[node.input(part)] = i;
                }
            }
            this.leadsToJoined = leadsToJoined();
        }

        private boolean[] leadsToJoined() {
            boolean[] leads = new boolean[program.size()];
            for (int i = leads.length - 1; i >= 0; i--) {
                Node node = program.node(i);
                for (int input = 0; input < node.inputs().length(); input++) {
                    int from = node.input(input);
                    leads[from] |= leads[i] || joined[from] >= 0;
                }
            }
            return leads;
        }

        // ------------------------------------------------------------------------------------------------- gates

        /** Σ dz·Wᵀ over the parameters that are parts of one joined matrix. */
        Program gates() {
            int[] joinedBy = new int[program.size()];
            Arrays.fill(joinedBy, -1);
            for (int i = 0; i < program.size(); i++) {
                Node node = program.node(i);
                boolean joins = node.op() instanceof Movement.Concat
                        && node.shape().rank() == 2
                        && node.inputs().stream()
                                .allMatch(part -> program.node(part).isParameter());
                for (int part = 0; joins && part < node.inputs().length(); part++) {
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
                boolean isCandidate = isMatrixProduct(term)
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
            int[] lefts = new int[parameters.inputs().length()];
            IntArrayList members = new IntArrayList();
            for (int part = 0; part < lefts.length; part++) {
                int member = find(terms, product, parameters.input(part));
                if (member < 0) {
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

        Program overTime() {
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
                kinds.computeIfAbsent(kind(term, sum), key -> new IntArrayList())
                        .add(term);
            }
            if (kinds.size() == node.inputs().length()) {
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
            replace(sum, terms, node.inputs().length());
        }

        private static final String NONE = "none";

        private Kind kind(int term, int of) {
            Node node = program.node(term);
            if (node.op() instanceof Movement.Slice slice && isMatrixProduct(input(node, 0))) {
                Node product = input(node, 0);
                return isSummable(node.input(0), product)
                        ? new Kind(product.op(), new Kind(slice.window(), product.shape()))
                        : new Kind(NONE, NONE);
            }
            boolean once = uses[term] == 1;
            if (once && isMatrixProduct(node) && isSummable(term, node)) {
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
                return rewrite.add(first.op(), slice.window().size(), first.type(), product);
            }
            return switch (first.op()) {
                case MatMul product -> product(members);
                case Reduction.Sum sum -> rowSum(sum, first, inputs(members, 0), of);
                case Selection.ScatterAdd scatter -> scatter(members, scatter);
                default -> throw new IllegalStateException("no merge of " + first.describe());
            };
        }

        private int[] inputs(IntArrayList members, int i) {
            return members.intStream()
                    .map(member -> program.node(member).input(i))
                    .toArray();
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
            int all = rewrite.concat(
                    0, Arrays.stream(terms).map(term -> joined[term]).toArray());
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
            return rewrite.add(
                    scatter, first.shape(), first.type(), rewrite.concat(0, rows), rewrite.concat(0, indices));
        }
    }
}
