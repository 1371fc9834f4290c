package dev.clew.compile;
import dev.clew.array.*;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.*;
import java.util.*;
import org.junit.jupiter.api.Test;
@SuppressWarnings("UnusedVariable")
final class DebugTest {
    @Test
    void debug() {
        int T = 2000, H = 256, V = 65, B = 64;
        Parameter wx = Parameter.of(NDArray.full(0.1, DType.F32, Shape.of(V, H)));
        Parameter wh = Parameter.of(NDArray.full(0.1, DType.F32, Shape.of(H, H)));
        Parameter b = Parameter.of(NDArray.full(0.1, DType.F32, Shape.of(H)));
        Parameter wo = Parameter.of(NDArray.full(0.1, DType.F32, Shape.of(H, V)));
        Parameter bo = Parameter.of(NDArray.full(0.1, DType.F32, Shape.of(V)));
        Tensor h = Tensor.zeros(DType.F32, B, H);
        Tensor loss = Tensor.zeros(DType.F32);
        List<Tensor> letters = new ArrayList<>();
        for (int t = 0; t <= T; t++) { int[] l = new int[B]; for (int i = 0; i < B; i++) l[i] = (i * 7 + t * 3) % V; letters.add(Tensor.of(l)); }
        for (int t = 0; t < T; t++) {
            h = Tensor.oneHot(letters.get(t), V, DType.F32).matmul(wx).plus(h.matmul(wh)).plus(b).tanh();
            Tensor logits = h.matmul(wo).plus(bo);
            loss = loss.plus(logits.logSumExp(1).minus(logits.pick(letters.get(t + 1))).mean());
        }
        Map<Parameter, Tensor> up = new LinkedHashMap<>();
        Gradients g = Gradients.of(loss);
        for (Parameter q : List.of(wx, wh, b, wo, bo)) up.put(q, q.minus(g.wrt(q).times(0.1)));
        List<Tensor> all = new ArrayList<>(List.of(loss)); all.addAll(up.values());
        Capture c = Capture.withInputs(all);
        List<Training.Update> changes = new ArrayList<>();
        for (Parameter q : up.keySet()) changes.add(new Training.Update(c.leaves().indexOf(q), 1 + changes.size()));
        BitSet fixed = Training.staying(c.program(), slot -> true);
        for (int n : new int[] {8}) {
            long s = System.nanoTime();
            Compiler.Code code = Budget.compile(c.program(), changes, fixed, n, 1);
            System.out.println("DBG n " + n + " bytes " + code.bytes() + " records " + code.drafts().size() + " ms " + (System.nanoTime() - s) / 1e6);
            
            Program p = code.program(); Program.Users us = p.users(); int[] base = p.bases();
            for (int i = 0; i < p.size(); i++) if (p.node(i).op() instanceof Selection.Gather) {
                TreeMap<String,Integer> m = new TreeMap<>();
                for (int j = 0; j < p.size(); j++) for (int in : p.node(j).inputs().toArray()) if (base[in] == i && p.node(j).isComputed()) m.merge(p.node(j).phase() + " " + p.node(j).op().label(), 1, Integer::sum);
                System.out.println("DBG gather " + i + " phase " + p.node(i).phase() + " " + p.node(i).shape() + " users " + m);
            }
            if (n >= 0) continue;
            List<Block> blocks = code.emitted().blocks();
            long[] live = new long[code.drafts().size() + 2];
            for (Block k : blocks) { live[k.first()] += k.bytes(); live[k.last() + 1] -= k.bytes(); }
            int best = 0; for (int i = 1; i < live.length; i++) { live[i] += live[i - 1]; if (live[i] > live[best]) best = i; }
            System.out.println("DBG live peak " + live[best] + " at " + best + " : " + code.drafts().get(Math.min(best, code.drafts().size() - 1)).text());
            Map<String, long[]> sizes = new TreeMap<>();
            for (Block k : blocks) if (k.first() <= best && k.last() >= best) {
                String key = k.bytes() + " | " + (k.first() == 0 ? "0" : k.first() < best - 400 ? "early" : "near") + " | " + (k.last() >= code.drafts().size() ? "end" : k.last() > best + 400 ? "late" : "near") + " | " + code.drafts().get(k.first()).text();
                long[] e = sizes.computeIfAbsent(key, q -> new long[2]); e[0]++; e[1] += k.bytes(); }
            sizes.entrySet().stream().sorted((x1, q) -> Long.compare(q.getValue()[1], x1.getValue()[1])).limit(16).forEach(e -> System.out.println("DBG   " + e.getValue()[1] + " = " + e.getValue()[0] + " x " + e.getKey()));
        }
    }
}
