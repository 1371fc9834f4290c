package dev.clew.tensor;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products by value, as NumPy 2.4 computes them. */
final class EinsumTest {

    record Row(String equation, List<Shape> shapes, NDArray result) {
        @Override
        public String toString() {
            return equation + " " + shapes;
        }
    }

    private static Row row(String equation, int[][] shapes, int[] shape, double... result) {
        return new Row(equation, Arrays.stream(shapes).map(Shape::of).toList(), NDArray.of(Shape.of(shape), result));
    }

    static List<Row> rows() {
        return List.of(
                row("ij,jk->ik", new int[][] {{2, 3}, {3, 4}}, new int[] {2, 4}, 14, 2, -10, -1, -4, 2, 8, -7),
                row("ij,kj->ik", new int[][] {{2, 3}, {4, 3}}, new int[] {2, 4}, 10, -5, 1, -7, 1, -2, -5, -1),
                row("ji,jk", new int[][] {{3, 2}, {3, 4}}, new int[] {2, 4}, 10, 4, -2, -8, 4, 4, 4, -10),
                row("ij,jk->ki", new int[][] {{2, 3}, {3, 4}}, new int[] {4, 2}, 14, -4, 2, 2, -10, 8, -1, -7),
                row("i,i->", new int[][] {{3}, {3}}, new int[] {}, 10),
                row("ii", new int[][] {{3, 3}}, new int[] {}, -4),
                row("iji->ij", new int[][] {{3, 2, 3}}, new int[] {3, 2}, -3, 0, -3, 0, -3, 0),
                row("iji", new int[][] {{3, 2, 3}}, new int[] {2}, -9, 0),
                row("ba", new int[][] {{2, 3}}, new int[] {3, 2}, -3, 0, -2, 1, -1, 2),
                row("iii,i->i", new int[][] {{3, 3, 3}, {3}}, new int[] {3}, 9, -3, 2),
                row(
                        "bqhd,bkhd->bhqk",
                        new int[][] {{2, 3, 2, 2}, {2, 1, 2, 2}},
                        new int[] {2, 2, 3, 1},
                        11,
                        -5,
                        7,
                        -1,
                        -6,
                        3,
                        -4,
                        2,
                        -6,
                        0,
                        -4,
                        -1),
                row(
                        "...ij,...jk->...ik",
                        new int[][] {{2, 1, 2, 3}, {3, 3, 2}},
                        new int[] {2, 3, 2, 2},
                        9,
                        -3,
                        -3,
                        3,
                        -7,
                        9,
                        5,
                        -3,
                        5,
                        -7,
                        -1,
                        5,
                        -8,
                        -12,
                        1,
                        1,
                        3,
                        -8,
                        1,
                        1,
                        7,
                        3,
                        1,
                        1),
                row("...ij,...jk", new int[][] {{2, 2, 3}, {3, 2}}, new int[] {2, 2, 2}, 9, -3, -3, 3, -8, -12, 1, 1),
                row("i...->...", new int[][] {{2, 3}}, new int[] {3}, -3, -1, 1),
                row("ij,k->i", new int[][] {{2, 3}, {2}}, new int[] {2}, 24, -12),
                row("ab,bc,cd,d->a", new int[][] {{2, 3}, {3, 2}, {2, 3}, {3}}, new int[] {2}, 0, 18),
                row("ij,jk->ik", new int[][] {{2, 0}, {0, 4}}, new int[] {2, 4}, 0, 0, 0, 0, 0, 0, 0, 0),
                row(
                        "abc,cd,bd->da",
                        new int[][] {{2, 3, 2}, {2, 3}, {3, 3}},
                        new int[] {3, 2},
                        -9,
                        54,
                        17,
                        14,
                        -7,
                        13));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void agreesWithNumPy(Row row) {
        Tensor[] operands = IntStream.range(0, row.shapes.size())
                .mapToObj(i -> sequence(i + 1, row.shapes.get(i).lengths()))
                .toArray(Tensor[]::new);
        NDArray result = Tensor.einsum(row.equation, operands).value();
        assertThat(result.shape()).isEqualTo(row.result.shape());
        assertThat(result.toDoubles()).containsExactly(row.result.toDoubles());
    }

    /** i·step mod 7 − 3 for i = 0, 1, ... */
    private static Tensor sequence(int step, int... lengths) {
        double[] numbers = new double[Shape.of(lengths).elements()];
        Arrays.setAll(numbers, i -> i * step % 7 - 3);
        return Tensor.of(NDArray.of(Shape.of(lengths), numbers));
    }

    /** Small integers, so that any order of adding gives the same bits. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anyEquationAgreesWithLoopsOverAllIndices(int operands) {
        SplittableRandom random = new SplittableRandom(operands);
        for (int trial = 0; trial < 150; trial++) {
            List<String> groups = new ArrayList<>();
            for (int i = 0; i < operands; i++) {
                groups.add(letters(random, random.nextInt(4), true));
            }
            String named = String.join("", groups);
            String result = letters(random, 4, false)
                    .chars()
                    .mapToObj(Character::toString)
                    .filter(named::contains)
                    .limit(random.nextInt(4))
                    .collect(Collectors.joining());
            Tensor[] tensors = IntStream.range(0, operands)
                    .mapToObj(i -> sequence(i + 2, lengths(groups.get(i))))
                    .toArray(Tensor[]::new);
            String equation = String.join(",", groups) + "->" + result;
            // Adding 0 makes 0 of −0, which a product may have where the loops add.
            assertThat(Tensor.einsum(equation, tensors).plus(0).value().toDoubles())
                    .as(equation)
                    .containsExactly(loops(groups, result, tensors));
        }
    }

    private static String letters(SplittableRandom random, int count, boolean repeated) {
        StringBuilder text = new StringBuilder();
        while (text.length() < count) {
            String next = Character.toString('a' + random.nextInt(4));
            text.append(repeated || text.indexOf(next) < 0 ? next : "");
        }
        return text.toString();
    }

    /** a, b, c, d have the lengths 2, 3, 1, 2. */
    private static int[] lengths(String group) {
        return group.chars().map(c -> new int[] {2, 3, 1, 2}[c - 'a']).toArray();
    }

    private static double[] loops(List<String> groups, String result, Tensor... tensors) {
        String all = (String.join("", groups) + result)
                .chars()
                .distinct()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        Shape space = Shape.of(lengths(all));
        Shape to = Shape.of(lengths(result));
        double[] sums = new double[to.elements()];
        for (int at = 0; at < space.elements(); at++) {
            int[] index = new int['e'];
            for (int axis = space.rank() - 1, rest = at; axis >= 0; rest /= space.length(axis--)) {
                index[all.charAt(axis)] = rest % space.length(axis);
            }
            double product = 1;
            for (int i = 0; i < tensors.length; i++) {
                product *= tensors[i]
                        .value()
                        .get(groups.get(i).chars().map(c -> index[c]).toArray());
            }
            int place = 0;
            for (int axis = 0; axis < to.rank(); axis++) {
                place = place * to.length(axis) + index[result.charAt(axis)];
            }
            sums[place] += product;
        }
        return sums;
    }

    @Test
    void plainProductsAreOneNode() {
        Tensor a = sequence(1, 3, 2);
        Tensor b = sequence(2, 4, 3);
        Tensor product = Tensor.einsum("ki,jk->ij", a, b);
        assertThat(product.op()).isEqualTo(new Contraction.MatMul(true, true));
        assertThat(product.inputs()).containsExactly(a, b);
        assertThat(product.value())
                .isEqualTo(a.transpose().matmul(b.transpose()).value());
    }

    @Test
    void dotAndOuter() {
        assertThat(Tensor.of(new double[] {1, 2, 3})
                        .dot(Tensor.of(new double[] {4, 5, 6}))
                        .item())
                .isEqualTo(32);
        assertThat(Tensor.of(new double[] {1, 2})
                        .outer(Tensor.of(new double[] {4, 5, 6}))
                        .value()
                        .toRows())
                .isDeepEqualTo(new double[][] {{4, 5, 6}, {8, 10, 12}});
        assertThat(Tensor.of(2.0).outer(Tensor.of(3.0)).item()).isEqualTo(6);
    }

    private static Tensor x(int... shape) {
        return Tensor.zeros(DType.F64, shape);
    }

    @Test
    void errors() {
        says(
                "einsum ij,jk->ik: index j has length 3 before but 4 in operand 1, (4, 5); an index has one length",
                () -> Tensor.einsum("ij,jk->ik", x(2, 3), x(4, 5)));
        says(
                "einsum ii: index i has length 2 before but 3 in operand 0, (2, 3); an index has one length",
                () -> Tensor.einsum("ii", x(2, 3)));
        says(
                "einsum ij,jk->ik: operand 1 has the indices jk but the shape (3); it needs one index for every axis",
                () -> Tensor.einsum("ij,jk->ik", x(2, 3), x(3)));
        says(
                "einsum ij->i: it names 1 operands but there are 2; write one group of indices for each, as in ij,jk->ik",
                () -> Tensor.einsum("ij->i", x(2, 3), x(3)));
        says("einsum ij->k: the result has the index k but no operand has it", () -> Tensor.einsum("ij->k", x(2, 3)));
        says(
                "einsum ij->ii: the result has the index i twice; name every index of it once",
                () -> Tensor.einsum("ij->ii", x(2, 3)));
        says(
                "einsum i1: '1' is no index; indices are letters, and ... stands for any number of axes",
                () -> Tensor.einsum("i1", x(2, 3)));
        says(
                "einsum ...i->i: operands have ... but the result does not; add it there, or sum over those axes first",
                () -> Tensor.einsum("...i->i", x(2, 3)));
        says(
                "einsum ...i,...i->...: index ... (axis -1 of it) has length 2 before but 4 in operand 1, (4, 3);"
                        + " an index has one length",
                () -> Tensor.einsum("...i,...i->...", x(2, 3), x(4, 3)));
        says(
                "dot (2, 3) · (3): it needs two vectors of one length; matmul and einsum multiply other shapes",
                () -> x(2, 3).dot(x(3)));
    }
}
