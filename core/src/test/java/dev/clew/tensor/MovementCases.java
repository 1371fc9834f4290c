package dev.clew.tensor;

import com.google.common.collect.ImmutableList;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Window;
import java.util.ArrayList;
import java.util.List;

/** Sample inputs for movements. */
final class MovementCases {
    private final List<OperationCases.Case> cases = new ArrayList<>();

    static List<OperationCases.Case> all() {
        MovementCases table = new MovementCases();
        table.movements();
        table.concatenations();
        table.composed();
        return table.cases;
    }

    private void add(Object operation, OperationCases.Build build, NDArray... inputs) {
        cases.add(OperationCases.row(operation, build, inputs));
    }

    private void movements() {
        int[][][] broadcasts = {
            {{}, {}}, {{}, {3}}, {{1}, {3}}, {{1}, {0}}, {{3}, {2, 3}}, {{2, 1}, {2, 3}}, {{1, 3, 1}, {4, 2, 3, 2}}
        };
        for (int[][] pair : broadcasts) {
            Shape to = Shape.of(pair[1]);
            add(
                    Movement.Broadcast.class,
                    in -> new Movement.Broadcast(to).on(in.getFirst()),
                    Samples.ANYWHERE.draw(1, pair[0]));
        }
        int[][][] reshapes = {{{}, {1, 1}}, {{6}, {2, 3}}, {{2, 3}, {3, 2}}, {{2, 0, 3}, {0, 5}}, {{2, 3, 2}, {12}}};
        for (int[][] pair : reshapes) {
            Shape to = Shape.of(pair[1]);
            add(
                    Movement.Reshape.class,
                    in -> new Movement.Reshape(to).on(in.getFirst()),
                    Samples.ANYWHERE.draw(1, pair[0]));
        }
        int[][] orders = {{}, {0}, {1, 0}, {2, 0, 1}, {1, 2, 0}, {0, 2, 1}};
        for (int[] order : orders) {
            IntTuple by = IntTuple.of(order);
            int[] lengths = List.of(new int[0], new int[] {3}, new int[] {2, 3}, new int[] {2, 3, 4})
                    .get(order.length);
            add(
                    Movement.Transpose.class,
                    in -> new Movement.Transpose(by).on(in.getFirst()),
                    Samples.ANYWHERE.draw(1, lengths));
        }
    }

    private void concatenations() {
        Window window = window(new int[] {1, 0}, new int[] {2, 1}, 2, 3);
        Window backward = window(new int[] {4, 2}, new int[] {-1, -2}, 2, 2);
        Window nothing = window(new int[] {0, 0}, new int[] {1, 1}, 0, 3);
        for (Window some : List.of(window, backward, nothing)) {
            add(Movement.Slice.class, in -> some.slice().on(in.getFirst()), Samples.ANYWHERE.draw(1, 5, 3));
        }
        add(
                Place.class,
                in -> new Place(Shape.of(5, 3), ImmutableList.of(window, backward, nothing))
                        .on(in.get(0), in.get(1), in.get(2)),
                Samples.ANYWHERE.draw(1, 2, 3),
                Samples.ANYWHERE.draw(2, 2, 2),
                Samples.ANYWHERE.draw(3, 0, 3));
        Window row = window(new int[] {0, 1}, new int[] {1, 1}, 1, 2);
        Window end = window(new int[] {0, 3}, new int[] {1, -2}, 1, 2);
        add(
                Place.class,
                in -> new Place(Shape.of(1, 5), ImmutableList.of(row, end)).on(in.get(0), in.get(1)),
                Samples.ANYWHERE.draw(1, 1, 2),
                Samples.ANYWHERE.draw(2, 1, 2));
        add(
                Movement.Concat.class,
                in -> Tensor.concat(0, in),
                Samples.ANYWHERE.draw(1, 2, 3),
                Samples.ANYWHERE.draw(2, 0, 3),
                Samples.ANYWHERE.draw(3, 1, 3));
        add(
                Movement.Concat.class,
                in -> Tensor.concat(-1, in),
                Samples.ANYWHERE.draw(1, 2, 1, 3),
                Samples.ANYWHERE.draw(2, 2, 1, 2));
        add(Movement.Concat.class, in -> Tensor.concat(0, in), Samples.ANYWHERE.draw(1, 3));
        add(Movement.Concat.class, in -> Tensor.stack(0, in), Samples.ANYWHERE.draw(1), Samples.ANYWHERE.draw(2));
    }

    private static Window window(int[] start, int[] step, int... size) {
        return new Window(IntTuple.of(start), IntTuple.of(step), Shape.of(size));
    }

    private void composed() {
        NDArray cube = Samples.ANYWHERE.draw(1, 2, 3, 4);
        NDArray empty = Samples.ANYWHERE.draw(1, 2, 0, 4);
        for (NDArray x : List.of(cube, empty)) {
            add("flip", in -> in.getFirst().flip(0, -1), x);
            add("roll", in -> in.getFirst().roll(1, -4), x);
            add("pad", in -> in.getFirst().pad(1, 2, 1, 0.5), x);
            add("repeat", in -> in.getFirst().repeat(1, 3), x);
            add("tile", in -> in.getFirst().tile(2, 1, 1, 2), x);
            add("diagonal", in -> in.getFirst().diagonal(1), x);
            add("moveAxis", in -> in.getFirst().moveAxis(0, -1), x);
            add(
                    "split",
                    in -> Tensor.concat(
                            2, in.getFirst().split(2, new int[] {1, 0, 3}).reversed()),
                    x);
            add("split", in -> Tensor.stack(0, in.getFirst().split(-1, 2)).square(), x);
        }
        add("slice backward", in -> in.getFirst().slice(2, -1, -5, -2), cube);
        add("slice backward", in -> in.getFirst().slice(1, -1, -1, -1), empty);
        add("repeat 0 times", in -> in.getFirst().repeat(1, 0), cube);
        add("tile", in -> in.getFirst().tile(3), Samples.ANYWHERE.draw(1));
        add("flip", in -> in.getFirst().flip(), Samples.ANYWHERE.draw(1));
        add("diagonal", in -> in.getFirst().diagonal(-1), Samples.ANYWHERE.draw(1, 4, 2));
        add("diagonal", in -> in.getFirst().diagonal(5), Samples.ANYWHERE.draw(1, 2, 2));
    }
}
