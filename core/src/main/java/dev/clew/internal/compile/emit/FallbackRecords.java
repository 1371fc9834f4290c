package dev.clew.internal.compile.emit;

import dev.clew.array.NDArray;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.runtime.Instruction;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** An operation that has no kernel, computed by its own rule on arrays: a user's own, and what is rare. */
final class FallbackRecords {
    private FallbackRecords() {}

    static RecordDraft of(EmitRecords emit, int position) {
        Node node = emit.program().node(position);
        List<MemoryView> views = new ArrayList<>();
        Tensor[] stubs = new Tensor[node.inputCount()];
        for (int i = 0; i < stubs.length; i++) {
            Node input = emit.program().node(node.input(i));
            views.add(emit.view(node.input(i)));
            stubs[i] = new Source.Input("", input.shape(), input.type()).on();
        }
        views.add(emit.view(position));
        Tensor stub = node.op().on(stubs);
        return new RecordDraft(node.describe(), views, form -> instruction(stub, List.copyOf(views)));
    }

    private static Instruction instruction(Tensor stub, List<MemoryView> views) {
        MemoryView home = views.getLast();
        return memory -> {
            List<NDArray> inputs = new ArrayList<>();
            for (MemoryView view : views.subList(0, views.size() - 1)) {
                inputs.add(view.load(memory));
            }
            home.store(stub.op().value(stub, inputs), memory);
        };
    }
}
