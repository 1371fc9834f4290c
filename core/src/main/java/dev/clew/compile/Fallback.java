package dev.clew.compile;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.array.Transfer;
import dev.clew.runtime.Instruction;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** An operation that has no kernel, computed by its own rule on arrays: a user's own, and what is rare. */
final class Fallback {
    private Fallback() {}

    static Draft of(Emit emit, int position) {
        Node node = emit.program().node(position);
        List<View> views = new ArrayList<>();
        Tensor[] stubs = new Tensor[node.inputCount()];
        for (int i = 0; i < stubs.length; i++) {
            Node input = emit.program().node(node.input(i));
            views.add(emit.view(node.input(i)));
            stubs[i] = new Source.Input("", input.shape(), input.type()).on();
        }
        views.add(emit.view(position));
        Tensor stub = node.op().on(stubs);
        return new Draft(node.describe(), views, form -> instruction(stub, List.copyOf(views)));
    }

    private static Instruction instruction(Tensor stub, List<View> views) {
        View home = views.getLast();
        return memory -> {
            List<NDArray> inputs = new ArrayList<>();
            for (View view : views.subList(0, views.size() - 1)) {
                inputs.add(load(memory, view));
            }
            store(stub.op().value(stub, inputs), memory, home);
        };
    }

    /** An array of what a view shows; what it repeats is loaded once. */
    static NDArray load(MemorySegment memory, View view) {
        Shape once = view.shape();
        for (int axis = 0; axis < once.rank(); axis++) {
            if (view.stride(axis) == 0 && once.length(axis) > 1) {
                once = once.with(axis, 1);
            }
        }
        int[] strides = view.strides().toArray();
        return Transfer.load(memory, Draft.address(view), view.type(), once, strides)
                .broadcastTo(view.shape());
    }

    static void store(NDArray array, MemorySegment memory, View view) {
        Transfer.store(array, memory, Draft.address(view), view.strides().toArray());
    }
}
