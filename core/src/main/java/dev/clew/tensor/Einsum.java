package dev.clew.tensor;

import com.google.common.base.Splitter;
import dev.clew.array.Shape;
import it.unimi.dsi.fastutil.ints.Int2IntLinkedOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Sums of products named by indices, Einstein's way. Operands are contracted from left to right, each pair as one matrix
 * product with the shared indices that stay as batch axes; so there is no rule here, only transposes and reshapes.
 *
 * <p>An index is a number: that of its letter, or a negative one for an axis that {@code ...} stands for, counted from the
 * last. Those broadcast; letters do not.
 */
final class Einsum {
    private final String equation;
    private final List<Tensor> operands;
    private final List<IntArrayList> indices = new ArrayList<>();
    private final Int2IntLinkedOpenHashMap lengths = new Int2IntLinkedOpenHashMap();
    private final IntArrayList output;

    private Einsum(String equation, List<Tensor> operands) {
        this.equation = equation.replace(" ", "");
        this.operands = operands;
        List<String> sides = Splitter.on("->").splitToList(this.equation);
        List<String> inputs = Splitter.on(',').splitToList(sides.getFirst());
        if (sides.size() > 2) {
            throw mistake("-> occurs more than once; it stands between the operands and the result");
        }
        if (inputs.size() != operands.size()) {
            throw mistake("it names " + inputs.size() + " operands but there are " + operands.size()
                    + "; write one group of indices for each, as in ij,jk->ik");
        }
        int dots = 0;
        for (int i = 0; i < inputs.size(); i++) {
            Shape shape = operands.get(i).shape();
            IntArrayList parsed = parsed(inputs.get(i), shape.rank());
            if (parsed.size() != shape.rank()) {
                throw mistake("operand " + i + " has the indices " + inputs.get(i) + " but the shape " + shape
                        + "; it needs one index for every axis");
            }
            indices.add(parsed);
            dots = Math.max(
                    dots, (int) parsed.intStream().filter(index -> index < 0).count());
            measure(i, shape);
        }
        this.output = sides.size() == 2 ? explicit(sides.get(1), dots) : implicit(dots);
    }

    static Tensor of(String equation, List<Tensor> operands) {
        return new Einsum(equation, operands).contracted();
    }

    // --------------------------------------------------------------------------------------------------- the equation

    private IntArrayList parsed(String group, int rank) {
        IntArrayList found = new IntArrayList();
        int at = group.indexOf("...");
        String letters = at < 0 ? group : group.substring(0, at) + group.substring(at + 3);
        for (int i = 0; i <= letters.length(); i++) {
            for (int back = rank - letters.length(); i == at && back > 0; back--) {
                found.add(-back);
            }
            if (i < letters.length()) {
                found.add(letter(letters.charAt(i)));
            }
        }
        return found;
    }

    private int letter(char c) {
        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
            throw mistake("'" + c + "' is no index; indices are letters, and ... stands for any number of axes");
        }
        return c;
    }

    private void measure(int operand, Shape shape) {
        IntList own = indices.get(operand);
        for (int axis = 0; axis < own.size(); axis++) {
            int index = own.getInt(axis);
            int length = shape.length(axis);
            int known = lengths.getOrDefault(index, length);
            boolean broadcasts = index < 0 && (length == 1 || known == 1);
            if (known != length && !broadcasts) {
                throw mistake("index " + name(index) + " has length " + known + " before but " + length + " in operand "
                        + operand + ", " + shape + "; an index has one length");
            }
            lengths.put(index, known == 1 ? length : known);
        }
    }

    private IntArrayList explicit(String group, int dots) {
        IntArrayList found = parsed(group, group.replace("...", "").length() + dots);
        for (int i = 0; i < found.size(); i++) {
            int index = found.getInt(i);
            if (!lengths.containsKey(index)) {
                throw mistake("the result has the index " + name(index) + " but no operand has it");
            }
            if (found.indexOf(index) != i) {
                throw mistake("the result has the index " + name(index) + " twice; name every index of it once");
            }
        }
        if (dots > 0 && !group.contains("...")) {
            throw mistake("operands have ... but the result does not; add it there, or sum over those axes first");
        }
        return found;
    }

    /** NumPy's rule: the axes of ..., then the letters that occur once, in alphabetical order. */
    private IntArrayList implicit(int dots) {
        IntArrayList found = new IntArrayList();
        for (int back = dots; back > 0; back--) {
            found.add(-back);
        }
        lengths.keySet()
                .intStream()
                .filter(index -> index > 0
                        && indices.stream()
                                        .flatMapToInt(IntArrayList::intStream)
                                        .filter(each -> each == index)
                                        .count()
                                == 1)
                .sorted()
                .forEach(found::add);
        return found;
    }

    private static String name(int index) {
        return index < 0 ? "... (axis " + index + " of it)" : Character.toString(index);
    }

    private IllegalArgumentException mistake(String what) {
        return new IllegalArgumentException("einsum " + equation + ": " + what);
    }

    // --------------------------------------------------------------------------------------------------- the products

    /** A tensor whose axes have names, each once. */
    private record Named(Tensor tensor, IntArrayList indices) {

        Named arranged(IntList order) {
            if (order.equals(indices)) {
                return this;
            }
            int[] axes = order.intStream().map(indices::indexOf).toArray();
            return new Named(tensor.transpose(axes), new IntArrayList(order));
        }

        /** Sums over the indices that nobody needs any more. */
        Named without(IntOpenHashSet needed) {
            int[] axes = indices.intStream()
                    .filter(index -> !needed.contains(index))
                    .map(indices::indexOf)
                    .toArray();
            IntArrayList left = new IntArrayList(indices);
            left.removeIf(index -> !needed.contains(index));
            return axes.length == 0 ? this : new Named(tensor.sum(false, axes), left);
        }
    }

    private Tensor contracted() {
        Named product = named(0);
        for (int next = 1; next < operands.size(); next++) {
            IntOpenHashSet later = new IntOpenHashSet(output);
            indices.subList(next + 1, operands.size()).forEach(later::addAll);
            product = product(product, named(next), later);
        }
        return product.without(new IntOpenHashSet(output)).arranged(output).tensor();
    }

    /** An operand with every index once: an index named twice is a diagonal. */
    private Named named(int operand) {
        Tensor x = operands.get(operand);
        IntArrayList own = new IntArrayList(indices.get(operand));
        for (int axis = 0; axis < own.size(); axis++) {
            int index = own.getInt(axis);
            if (index < 0) {
                x = x.broadcastTo(x.shape().with(axis, lengths.get(index)));
            }
            for (int other = own.lastIndexOf(index); other > axis; other = own.lastIndexOf(index)) {
                x = x.moveAxis(other, -1).moveAxis(axis, -1).diagonal().moveAxis(-1, axis);
                own.removeInt(other);
            }
        }
        return new Named(x, own);
    }

    private Named product(Named a, Named b, IntOpenHashSet later) {
        IntOpenHashSet needed = new IntOpenHashSet(later);
        needed.addAll(b.indices());
        Named left = a.without(needed);
        needed = new IntOpenHashSet(later);
        needed.addAll(left.indices());
        Named right = b.without(needed);
        IntArrayList batch = new IntArrayList();
        IntArrayList summed = new IntArrayList();
        for (int index : left.indices()) {
            if (right.indices().contains(index)) {
                (later.contains(index) ? batch : summed).add(index);
            }
        }
        IntArrayList rows = difference(left.indices(), right.indices());
        IntArrayList columns = difference(right.indices(), left.indices());
        IntArrayList result = joined(batch, joined(rows, columns));
        Tensor tensor = summed.isEmpty()
                ? outer(
                        left.arranged(joined(batch, rows)),
                        right.arranged(joined(batch, columns)),
                        batch,
                        rows,
                        columns)
                : matmul(left, right, batch, rows, summed, columns);
        return new Named(tensor.reshape(shape(result)), result);
    }

    private Tensor outer(Named a, Named b, IntList batch, IntList rows, IntList columns) {
        IntArrayList ones = new IntArrayList(Collections.nCopies(columns.size(), 0));
        Tensor left = a.tensor().reshape(shape(joined(joined(batch, rows), ones)));
        ones = new IntArrayList(Collections.nCopies(rows.size(), 0));
        return left.times(b.tensor().reshape(shape(joined(batch, joined(ones, columns)))));
    }

    /** An operand that lies the other way round is transposed by the product's flag, not moved. */
    private Tensor matmul(Named a, Named b, IntList batch, IntList rows, IntList summed, IntList columns) {
        boolean turnA = a.indices().equals(joined(batch, joined(summed, rows))) && !rows.isEmpty();
        boolean turnB = b.indices().equals(joined(batch, joined(columns, summed))) && !columns.isEmpty();
        Named left = turnA ? a : a.arranged(joined(batch, joined(rows, summed)));
        Named right = turnB ? b : b.arranged(joined(batch, joined(summed, columns)));
        Shape rowsBySummed = matrix(batch, turnA ? summed : rows, turnA ? rows : summed);
        Shape summedByColumns = matrix(batch, turnB ? columns : summed, turnB ? summed : columns);
        return new Contraction.MatMul(turnA, turnB)
                .on(left.tensor().reshape(rowsBySummed), right.tensor().reshape(summedByColumns));
    }

    private Shape matrix(IntList batch, IntList first, IntList second) {
        Shape shape = shape(batch);
        return shape.insert(shape.rank(), shape(first).elements())
                .insert(shape.rank() + 1, shape(second).elements());
    }

    /** The index 0 stands for an axis of length 1. */
    private Shape shape(IntList named) {
        return Shape.of(named.intStream()
                .map(index -> index == 0 ? 1 : lengths.get(index))
                .toArray());
    }

    private static IntArrayList joined(IntList a, IntList b) {
        IntArrayList both = new IntArrayList(a);
        both.addAll(b);
        return both;
    }

    private static IntArrayList difference(IntList a, IntList b) {
        IntArrayList left = new IntArrayList(a);
        left.removeAll(b);
        return left;
    }
}
