package dev.clew.internal.compile.rewrite;

import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** N: products that share the left operand become one, of which each is some columns. */
public final class MergeColumns {
    private final Program program;
    private final Rewrite rewrite;

    public MergeColumns(Program program) {
        this.program = program;
        this.rewrite = new Rewrite(program);
    }

    /**
     * What a parameter is multiplied with from the left. Parameters with equal signatures are used alike: merging their
     * products cannot make a cycle, because what comes before them is the same.
     */
    private record Signature(MatMul product, IntList lefts) {}

    public Program parameters() {
        Map<Integer, Map<MatMul, IntArrayList>> products = new Object2ObjectLinkedOpenHashMap<>();
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            boolean isCandidate = Node.isMatrixProduct(node)
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
    public Program parts() {
        Long2IntOpenHashMap known = new Long2IntOpenHashMap();
        known.defaultReturnValue(-1);
        int[] level = ProductLevels.of(program);
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            if (Node.isMatrixProduct(node) && !((MatMul) node.op()).transposeB()) {
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
        int first = ProductLevels.after(program, level, concat.input(0));
        return concat.inputs().stream().allMatch(part -> ProductLevels.after(program, level, part) == first);
    }

    private void mergeParts(int concat, Program.Users users, Long2IntOpenHashMap known) {
        Node node = program.node(concat);
        int first = node.input(0);
        for (int use = 0; use < users.count(first); use++) {
            Node user = program.node(users.user(first, use));
            boolean isCandidate = Node.isMatrixProduct(user)
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
        int[] members = new int[node.inputCount()];
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
