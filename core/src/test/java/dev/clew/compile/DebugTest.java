package dev.clew.compile;
import dev.clew.array.*;
import java.lang.foreign.*;
import java.util.*;
import org.junit.jupiter.api.Test;
final class DebugTest {
    @Test
    void debug() {
        Capture capture = Capture.of(Nets.net("bidirectional RNN", new Nets(DType.F32, 0), 5).outputs());
        Compiler.Code code = Budget.compile(capture.program(), List.of(), new BitSet(), 5, 1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(code.bytes(), 64).fill((byte) 0xFF);
            Emit.Code emitted = code.emitted();
            emitted.literals().forEach(literal -> Fallback.store(literal.node().literal(), memory, literal.view()));
            for (int slot = 0; slot < capture.numbers().size(); slot++) {
                Fallback.store(capture.numbers().get(slot), memory, emitted.leaves().get(slot));
            }
            int shown = 0;
            for (int r = 0; r < code.drafts().size() && shown < 6; r++) {
                Draft d = code.drafts().get(r);
                List<Boolean> before = new ArrayList<>();
                for (View v : d.touched()) before.add(nan(memory, v));
                d.maker().make(Draft.Form.PLAIN).run(memory);
                for (Block b : emitted.blocks()) if (b.last() == r) memory.asSlice(b.base(), b.bytes()).fill((byte) 0xFF);
                int last = d.touched().size() - 1;
                if (!d.text().startsWith("pack") && d.touched().get(last).block().last() != r && nan(memory, d.touched().get(last))) { shown++; System.out.println("NANS REC " + r + " " + d.text() + " before " + before);
                  for (View v : d.touched()) System.out.println("NANS    " + v + " block " + v.block().base() + " " + v.block().first() + ".." + v.block().last() + " bytes " + v.block().bytes()); }
            }
        }
        System.out.println(code.program().toString().lines().map(l -> "NANS " + l).collect(java.util.stream.Collectors.joining("\n")));
        Schedule s = code.schedule();
        for (Schedule.Unit u : s.units()) System.out.println("NANS unit " + Arrays.toString(u.members()) + " phase " + code.program().node(u.last()).phase());
    }
    static boolean nan(MemorySegment memory, View v) {
        if (!v.type().isFloating()) return false;
        for (double x : Fallback.load(memory, v).toDoubles()) if (Double.isNaN(x)) return true;
        return false;
    }
}
