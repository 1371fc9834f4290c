package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Methods that sum products. */
final class ContractionRules {
    private final List<Rule> rules = new ArrayList<>();

    private ContractionRules() {}

    static List<Rule> all() {
        ContractionRules table = new ContractionRules();
        table.products();
        table.vectors();
        table.einsum("ij,jk->ik", 2, 2);
        table.einsum("ij,kj->ki", 2, 2);
        table.einsum("bij,bjk->bik", 3, 3);
        table.einsum("ij,ij->i", 2, 2);
        table.einsum("ii->i", 2);
        table.einsum("ij->ji", 2);
        table.einsum("ijk,jl,l->ik", 3, 2, 1);
        table.einsum("ij,j->", 2, 1);
        table.einsum("i,j->ji", 1, 1);
        return table.rules;
    }

    // ----------------------------------------------------------------------------------------------------- products

    private void products() {
        rules.add(new Rule(
                "$0.matmul($1)",
                ContractionRules::matmul,
                (in, _) -> in.get(0).matmul(in.get(1)),
                (in, _) -> product(in.get(0), in.get(1))));
    }

    /** With a matrix on the right mostly, which may be there already. */
    private static int matmul(Drawing d, Rule self) {
        int a = d.floating(d.chance(0.8) ? 2 : 1);
        DType type = d.value(a).type();
        int[] left = d.value(a).shape();
        int k = left[left.length - 1];
        int there = d.chance(0.7) ? d.find(x -> x.type() == type && x.rank() == 2 && x.shape()[0] == k) : -1;
        if (there >= 0) {
            return d.add(self, new int[0], a, there);
        }
        int[] vector = {k};
        int[] matrix = {k, d.chance(0.5) ? k : d.between(1, 4)};
        int[] batch = d.narrowed(Arrays.copyOf(left, Math.max(0, left.length - 2)));
        int[] batches =
                IntStream.concat(IntStream.of(batch), IntStream.of(matrix)).toArray();
        return d.add(self, new int[0], a, d.like(type, d.one(vector, matrix, matrix, matrix, batches, batches)));
    }

    private static Numbers product(Numbers a, Numbers b) {
        Numbers rows = a.rank() == 1 ? a.reshaped(1, a.size()) : a;
        Numbers columns = b.rank() == 1 ? b.reshaped(b.size(), 1) : b;
        int k = rows.shape()[rows.rank() - 1];
        int[] batch = Objects.requireNonNull(Drawing.broadcast(
                Arrays.copyOf(rows.shape(), rows.rank() - 2), Arrays.copyOf(columns.shape(), columns.rank() - 2)));
        int rank = batch.length + 2;
        int[] to = Arrays.copyOf(batch, rank);
        to[rank - 2] = rows.shape()[rows.rank() - 2];
        to[rank - 1] = columns.shape()[columns.rank() - 1];
        Numbers product = Numbers.build(a.type(), to, index -> {
            double sum = 0;
            for (int i = 0; i < k; i++) {
                int[] left = index.clone();
                left[rank - 1] = i;
                int[] right = index.clone();
                right[rank - 2] = i;
                sum += element(rows, left) * element(columns, right);
            }
            return sum;
        });
        return product.reshaped(kept(to, a.rank() > 1, b.rank() > 1));
    }

    /** Without the axes that vectors have been given. */
    private static int[] kept(int[] shape, boolean hasRows, boolean hasColumns) {
        return IntStream.range(0, shape.length)
                .filter(axis -> (axis != shape.length - 2 || hasRows) && (axis != shape.length - 1 || hasColumns))
                .map(axis -> shape[axis])
                .toArray();
    }

    /** Batch axes broadcast, the axes of the matrix do not. */
    private static double element(Numbers x, int... index) {
        int added = index.length - x.rank();
        int[] own = new int[x.rank()];
        for (int axis = 0; axis < own.length; axis++) {
            boolean isBatch = axis < own.length - 2;
            own[axis] = isBatch && x.shape()[axis] == 1 ? 0 : index[axis + added];
        }
        return x.get(own);
    }

    private void vectors() {
        rules.add(new Rule(
                "$0.dot($1)",
                (d, self) -> {
                    int a = d.find(x -> x.isFloating() && x.rank() == 1);
                    return a < 0
                            ? -1
                            : d.add(
                                    self,
                                    new int[0],
                                    a,
                                    d.like(d.value(a).type(), d.value(a).shape()));
                },
                (in, _) -> in.get(0).dot(in.get(1)),
                (in, _) -> product(in.get(0), in.get(1))));
        rules.add(new Rule(
                "$0.outer($1)",
                (d, self) -> {
                    int a = d.floating(0);
                    DType type = d.value(a).type();
                    int rank = Math.max(0, 5 - d.value(a).rank());
                    return d.add(self, new int[0], a, d.find(x -> x.type() == type && x.rank() <= rank));
                },
                (in, _) -> in.get(0).outer(in.get(1)),
                (in, _) -> outer(in.get(0), in.get(1))));
    }

    private static Numbers outer(Numbers a, Numbers b) {
        int[] to = IntStream.concat(IntStream.of(a.shape()), IntStream.of(b.shape()))
                .toArray();
        return Numbers.build(
                a.type(),
                to,
                index -> a.get(Arrays.copyOf(index, a.rank())) * b.get(Arrays.copyOfRange(index, a.rank(), to.length)));
    }

    // ------------------------------------------------------------------------------------------------------- einsum

    private void einsum(String equation, int... ranks) {
        rules.add(new Rule(
                "Tensor.einsum(\"" + equation + "\", $*)",
                (d, self) -> operands(d, self, equation, ranks),
                (in, _) -> Tensor.einsum(equation, in.toArray(new Tensor[0])),
                (in, _) -> summed(equation, in)));
    }

    private static int operands(Drawing d, Rule self, String equation, int... ranks) {
        String[] groups = equation.substring(0, equation.indexOf("->")).split(",", -1);
        int[] lengths = new int[128];
        Arrays.fill(lengths, -1);
        int[] in = new int[ranks.length];
        DType type = d.type();
        for (int i = 0; i < in.length; i++) {
            String group = groups[i];
            int found = d.chance(0.7) ? d.find(x -> x.type() == type && fits(x, group, lengths)) : -1;
            if (found < 0) {
                int[] shape = group.chars()
                        .map(c -> lengths[c] < 0 ? d.between(0, 3) : lengths[c])
                        .toArray();
                for (int axis = 0; axis < shape.length; axis++) {
                    shape[axis] = shape[group.indexOf(group.charAt(axis))];
                }
                found = d.leaf(type, shape);
            }
            in[i] = found;
            for (int axis = 0; axis < group.length(); axis++) {
                lengths[group.charAt(axis)] = d.value(found).shape()[axis];
            }
        }
        return d.add(self, new int[0], in);
    }

    private static boolean fits(Numbers x, String group, int... lengths) {
        int[] known = lengths.clone();
        if (x.rank() != group.length()) {
            return false;
        }
        for (int axis = 0; axis < x.rank(); axis++) {
            char c = group.charAt(axis);
            if (known[c] >= 0 && known[c] != x.shape()[axis]) {
                return false;
            }
            known[c] = x.shape()[axis];
        }
        return true;
    }

    /** Numbers whose axes have names. */
    private record Named(Numbers numbers, String axes) {
        /** With these axes, in this order; an axis of one name with another is where both are equal, one left out is summed over. */
        Named with(String kept) {
            return product(this, new Named(Numbers.of(numbers.type(), new int[0], 1), ""), kept);
        }

        int length(char axis) {
            return axes.indexOf(axis) < 0 ? -1 : numbers.shape()[axes.indexOf(axis)];
        }

        double at(String names, int... index) {
            return numbers.get(axes.chars().map(c -> index[names.indexOf(c)]).toArray());
        }
    }

    /** From left to right; an axis that no other operand needs, nor the result, is summed over first. */
    private static Numbers summed(String equation, List<Numbers> in) {
        String[] groups = equation.substring(0, equation.indexOf("->")).split(",", -1);
        String result = equation.substring(equation.indexOf("->") + 2);
        for (int i = 0; i < groups.length; i++) {
            if (in.get(i).rank() != groups[i].length()) {
                throw new IllegalArgumentException(equation);
            }
        }
        Named all = new Named(in.getFirst(), groups[0]);
        for (int i = 1; i < groups.length; i++) {
            String later = result + String.join("", Arrays.asList(groups).subList(i + 1, groups.length));
            Named left = all.with(kept(all.axes, later + groups[i]));
            Named right = new Named(in.get(i), groups[i]);
            right = right.with(kept(right.axes, later + left.axes));
            all = product(left, right, kept(left.axes + right.axes, later));
        }
        return all.with(result).numbers;
    }

    /** Every name once that is needed. */
    private static String kept(String axes, String needed) {
        return axes.chars()
                .filter(c -> needed.indexOf(c) >= 0)
                .distinct()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The sum over all values of the names that are not kept. */
    private static Named product(Named a, Named b, String kept) {
        String both = kept(a.axes + b.axes, a.axes + b.axes);
        String over = both.chars()
                .filter(c -> kept.indexOf(c) < 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        int[] inner = over.chars().map(c -> length(a, b, (char) c)).toArray();
        int[] outer = kept.chars().map(c -> length(a, b, (char) c)).toArray();
        return new Named(
                Numbers.build(a.numbers.type(), outer, index -> {
                    double[] sum = {0};
                    Numbers.build(DType.F64, inner, summand -> {
                        int[] at = IntStream.concat(IntStream.of(index), IntStream.of(summand))
                                .toArray();
                        sum[0] += a.at(kept + over, at) * b.at(kept + over, at);
                        return 0;
                    });
                    return sum[0];
                }),
                kept);
    }

    private static int length(Named a, Named b, char axis) {
        return Math.max(a.length(axis), b.length(axis));
    }
}
