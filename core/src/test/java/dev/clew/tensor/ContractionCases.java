package dev.clew.tensor;

import dev.clew.array.NDArray;
import java.util.ArrayList;
import java.util.List;

/** Sample inputs for sums of products. */
final class ContractionCases {
    private final List<OperationCases.Case> cases = new ArrayList<>();

    static List<OperationCases.Case> all() {
        ContractionCases table = new ContractionCases();
        table.products();
        table.composed();
        return table.cases;
    }

    private void add(Object operation, OperationCases.Build build, NDArray... inputs) {
        cases.add(OperationCases.row(operation, build, inputs));
    }

    private void products() {
        int[][] sizes = {{2, 3, 4}, {1, 1, 1}, {3, 0, 2}, {0, 2, 3}, {9, 2, 5}, {2, 3, 1}};
        for (int[] size : sizes) {
            for (int flags = 0; flags < 4; flags++) {
                product(size[0], size[1], size[2], (flags & 1) != 0, (flags & 2) != 0);
                product(size[0], size[1], size[2], (flags & 1) != 0, (flags & 2) != 0, 2);
                product(size[0], size[1], size[2], (flags & 1) != 0, (flags & 2) != 0, 1, 3);
            }
        }
    }

    private void product(int m, int k, int n, boolean turnA, boolean turnB, int... batch) {
        int[] a = shape(batch, turnA ? k : m, turnA ? m : k);
        int[] b = shape(batch, turnB ? n : k, turnB ? k : n);
        add(
                Contraction.MatMul.class,
                in -> new Contraction.MatMul(turnA, turnB).on(in.get(0), in.get(1)),
                Samples.ANYWHERE.draw(1, a),
                Samples.ANYWHERE.draw(2, b));
    }

    private static int[] shape(int[] batch, int rows, int columns) {
        int[] shape = new int[batch.length + 2];
        System.arraycopy(batch, 0, shape, 0, batch.length);
        shape[batch.length] = rows;
        shape[batch.length + 1] = columns;
        return shape;
    }

    private void composed() {
        einsum("ij,jk->ik", new int[][] {{2, 3}, {3, 4}});
        einsum("ij,kj->ik", new int[][] {{2, 3}, {4, 3}});
        einsum("ji,jk", new int[][] {{3, 2}, {3, 4}});
        einsum("ij,jk->ki", new int[][] {{2, 3}, {3, 4}});
        einsum("i,i->", new int[][] {{3}, {3}});
        einsum("i,j->ij", new int[][] {{3}, {2}});
        einsum("ii", new int[][] {{3, 3}});
        einsum("iji->ij", new int[][] {{3, 2, 3}});
        einsum("iii,i->i", new int[][] {{3, 3, 3}, {3}});
        einsum("bij,bjk->bik", new int[][] {{2, 3, 2}, {2, 2, 3}});
        einsum("bqhd,bkhd->bhqk", new int[][] {{2, 3, 2, 2}, {2, 1, 2, 2}});
        einsum("...ij,...jk->...ik", new int[][] {{2, 1, 2, 3}, {3, 3, 2}});
        einsum("i...->...", new int[][] {{2, 3}});
        einsum("ij,ij->ij", new int[][] {{2, 3}, {2, 3}});
        einsum("ij,k->i", new int[][] {{2, 3}, {2}});
        einsum("ab,bc,cd,d->a", new int[][] {{2, 3}, {3, 2}, {2, 3}, {3}});
        einsum("a,a,a->a", new int[][] {{3}, {3}, {3}});
        einsum(",ij", new int[][] {{}, {2, 3}});
        einsum("ij,jk->ik", new int[][] {{2, 0}, {0, 4}});
        add("dot", in -> in.get(0).dot(in.get(1)), Samples.ANYWHERE.draw(1, 3), Samples.ANYWHERE.draw(2, 3));
        add("outer", in -> in.get(0).outer(in.get(1)), Samples.ANYWHERE.draw(1, 2, 2), Samples.ANYWHERE.draw(2, 3));
    }

    private void einsum(String equation, int[][] shapes) {
        NDArray[] operands = new NDArray[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            operands[i] = Samples.ANYWHERE.draw(i + 1, shapes[i]);
        }
        add("einsum " + equation, in -> Tensor.einsum(equation, in.toArray(new Tensor[0])), operands);
    }
}
