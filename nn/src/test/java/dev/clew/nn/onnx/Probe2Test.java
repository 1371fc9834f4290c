package dev.clew.nn.onnx;

import org.junit.jupiter.api.Test;
import dev.clew.tensor.*; import dev.clew.array.*; import java.util.*; import dev.clew.nn.layer.*; import dev.clew.nn.sequence.*; import dev.clew.nn.*;
class Probe2Test {
  static RandomKey key = RandomKey.of(7); static int n;
  static Parameter p(int... s) { return Parameter.of(key.fold(n++).normal(0, 1, DType.F64, Shape.of(s)).cast(DType.F32)); }
  static Parameter big(int... s) { return Parameter.of(NDArray.of(Shape.of(s), Arrays.stream(key.fold(n++).normal(0, 1, DType.F64, Shape.of(s)).toDoubles()).map(v->v*2).toArray()).cast(DType.F32)); }
  <S> void one(String name, Cell<S> f, Cell<S> b, boolean lengths, boolean start) {
    int B=3,T=5,I=4;
    Tensor x = Tensor.input("x", DType.F32, B,T,I), l = Tensor.input("l", DType.I32, B);
    Map<String,NDArray> in = Map.of("x", key.fold(99).normal(0, 1, DType.F64, Shape.of(B,T,I)).cast(DType.F32), "l", NDArray.of(new int[]{5,2,0}));
    for (int mode=0; mode<3; mode++) {
      Map<String,Tensor> out=new LinkedHashMap<>(); OnnxModel m; 
      if (mode<2) { Run<S> r = lengths ? Run.of(f,x,l) : Run.of(f,x); if (mode==1) r=r.backwards(); if (start) r = r.from(States.withTensors(f.start(B), States.tensors(f.start(B)).stream().map(t->(Tensor)p(t.shape().lengths())).toList()));
        out.put("y", r.outputs()); int i=0; for (Tensor t: States.tensors(r.last())) out.put("s"+i++, t); out.put("lo", r.lastOutputs()); out.put("h2", States.tensors(r.states().get(2)).get(0)); m = OnnxModel.of(out).withRun(r);
      } else { Run.BothWays<S,S> r = lengths ? Run.bothWays(f,b,x,l) : Run.bothWays(f,b,x); out.put("y", r.outputs()); int i=0; for (Tensor t: States.tensors(r.forward().last())) out.put("s"+i++, t); for (Tensor t: States.tensors(r.backward().last())) out.put("s"+i++, t); m = OnnxModel.of(out).withRun(r); }
      double d=0; String bad="";
      try { Map<String,NDArray> o = OnnxRuntime.run(m.toBytes(), in);
        List<Tensor> ts = List.copyOf(out.values()); Map<Tensor,NDArray> given=new HashMap<>(); for (Tensor q: Graph.of(ts).nodes()) if(q.op() instanceof Source.Input s) given.put(q,in.get(s.name()));
        List<NDArray> mine = dev.clew.plan.Plan.compile(ts).run(given); int i=0;
        OnnxModel rm = OnnxModel.read(java.nio.file.Path.of("x"), java.nio.ByteBuffer.wrap(m.toBytes())); List<Tensor> rt = List.copyOf(rm.outputs().values()); Map<Tensor,NDArray> rg=new HashMap<>(); rm.inputs().forEach((nm,tt)->rg.put(tt,in.get(nm))); List<NDArray> rb = dev.clew.plan.Plan.compile(rt).run(rg); for (int q=0;q<rb.size();q++) { double e=Probe1Test.diff(mine.get(q), rb.get(q)); if (e>1e-6) bad+=" back"+q+":"+e; }
        Map<String,NDArray> o2 = OnnxRuntime.run(rm.toBytes(), in); for (String k: out.keySet()) { double e=Probe1Test.diff(o2.get(k), o.get(k)); if (e>1e-6) bad+=" again "+k+":"+e; }
        for (String k: out.keySet()) { double e=Probe1Test.diff(mine.get(i++), o.get(k)); if (e>1e-6) bad+=" "+k+":"+e; d=Math.max(d,e);} 
      } catch (Throwable t) { bad=t.toString(); if(!(t instanceof ai.onnxruntime.OrtException)) t.printStackTrace(System.out); }
      System.out.println("RESULT "+name+" mode "+mode+" lengths "+lengths+" start "+start+" "+d+" "+bad);
    }
  }
  @Test void go() {
    int I=4,H=3;
    for (boolean l : new boolean[]{false,true}) for (boolean s : new boolean[]{false,true}) {
      one("rnn", new RnnCell(p(I,H),p(H,H),p(H)), new RnnCell(p(I,H),p(H,H),p(H)).withRelu().withInner(p(H)), l, s);
      one("gru", new Gru(p(I,3*H),p(H,3*H),p(3*H),Optional.of(p(H))), new Gru(p(I,3*H),p(H,3*H),p(3*H),Optional.of(p(3*H))), l, s);
      one("gru before", new Gru(p(I,3*H),p(H,3*H),p(3*H),Optional.empty()), new Gru(p(I,3*H),p(H,3*H),p(3*H),Optional.empty()), l, s);
      one("gru clip", new Gru(p(I,3*H),p(H,3*H),p(3*H),Optional.of(p(H))).withClip(0.5), new Gru(p(I,3*H),p(H,3*H),p(3*H),Optional.of(p(3*H))).withClip(0.5), l, s);
      one("lstm", new Lstm(p(I,4*H),p(H,4*H),p(4*H),Optional.empty(),Optional.empty(),false), new Lstm(p(I,4*H),p(H,4*H),p(4*H),Optional.empty(),Optional.empty(),false), l, s);
      one("lstm peep", new Lstm(p(I,4*H),p(H,4*H),p(4*H),Optional.of(p(3,H)),Optional.empty(),false), new Lstm(p(I,4*H),p(H,4*H),p(4*H),Optional.of(p(3,H)),Optional.empty(),false), l, s);
      one("lstm coupled", new Lstm(p(I,3*H),p(H,3*H),p(3*H),Optional.empty(),Optional.empty(),true), new Lstm(p(I,3*H),p(H,3*H),p(3*H),Optional.empty(),Optional.empty(),true), l, s);
      one("lstm coupled peep", new Lstm(p(I,3*H),p(H,3*H),p(3*H),Optional.of(p(2,H)),Optional.empty(),true), new Lstm(p(I,3*H),p(H,3*H),p(3*H),Optional.of(p(2,H)),Optional.empty(),true), l, s);
      one("lstm clip", new Lstm(big(I,4*H),big(H,4*H),p(4*H),Optional.empty(),Optional.empty(),false).withClip(0.5), new Lstm(p(I,4*H),p(H,4*H),p(4*H),Optional.empty(),Optional.empty(),false).withClip(0.5), l, s);
      one("lstm clip peep", new Lstm(big(I,4*H),big(H,4*H),p(4*H),Optional.of(p(3,H)),Optional.empty(),false).withClip(0.5), new Lstm(p(I,4*H),p(H,4*H),p(4*H),Optional.of(p(3,H)),Optional.empty(),false).withClip(0.5), l, s);
      one("rnn clip", new RnnCell(p(I,H),p(H,H),p(H)).withClip(0.5), new RnnCell(p(I,H),p(H,H),p(H)).withClip(0.5), l, s);
    }
  }
}
