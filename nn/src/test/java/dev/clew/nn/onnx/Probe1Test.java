package dev.clew.nn.onnx;

import org.junit.jupiter.api.Test;
import dev.clew.tensor.*; import dev.clew.array.*; import java.util.*;
class Probe1Test {
  static double diff(NDArray a, NDArray b) { double[] p=a.toDoubles(), q=b.toDoubles(); double m=0; for(int i=0;i<p.length;i++){ if(Double.compare(p[i],q[i])==0||p[i]==q[i]) continue; double d=Math.abs(p[i]-q[i])/Math.max(Math.abs(p[i]),1); if(!(d<=m)) m=Double.isNaN(d)?99:d;} return m; }
  void one(String name, Tensor y, Map<String,NDArray> in) {
    NDArray mine; try { Map<Tensor,Tensor> m=new HashMap<>(); mine = dev.clew.plan.Plan.compile(List.of(y)).run(tensors(y,in)).get(0); } catch (Throwable t) { System.out.println("RESULT " + name+" clew: "+t); return; }
    try { byte[] b = OnnxModel.of(Map.of("y", y)).toBytes(); 
      OnnxModel rm = OnnxModel.read(java.nio.file.Path.of("x"), java.nio.ByteBuffer.wrap(b)); Tensor ry = rm.outputs().get("y"); NDArray back = dev.clew.plan.Plan.compile(List.of(ry)).run(tensors(ry,in)).get(0); double e=diff(mine, back); if (e>1e-12 && (e>1e-6||mine.dtype()==DType.F64)) System.out.println("RESULT back "+name+" is "+e+"\n   DETAIL "+Arrays.toString(mine.toDoubles())+"\n   DETAIL "+Arrays.toString(back.toDoubles()));
      if (!Arrays.equals(OnnxModel.of(Map.of("y",ry)).toBytes(), b)) System.out.println("AGAIN "+name); NDArray o = OnnxRuntime.run(b, in).get("y");
      System.out.println("RESULT " + name + " " + diff(mine,o) + (o.shape().equals(mine.shape())&&o.dtype()==mine.dtype()?"":" SHAPE "+o.shape()+mine.shape())); 
      if (diff(mine,o)>1e-6) System.out.println("   DETAIL "+Arrays.toString(mine.toDoubles())+"\n   DETAIL "+Arrays.toString(o.toDoubles()));
    } catch (Throwable t) { String s=t.toString(); System.out.println("RESULT " + name+" "+s.substring(0,Math.min(200,s.length())).replace('\n',' ')); }
  }
  static Map<Tensor,NDArray> tensors(Tensor y, Map<String,NDArray> in){ Map<Tensor,NDArray> r=new HashMap<>(); for (Tensor n: Graph.of(List.of(y)).nodes()) if(n.op() instanceof Source.Input i) r.put(n,in.get(i.name())); return r; }
  @Test void go() throws Exception {
    double[] special={0.3,-0.7,1.5,-2.5,0.5,1e-9,-1e-9,30,-30,0,-0.0,Double.NaN,Double.POSITIVE_INFINITY,Double.NEGATIVE_INFINITY, 0.999, 8};
    for (DType t: List.of(DType.F64, DType.F32, DType.I32, DType.BOOL)) {
      NDArray x = NDArray.of(special).cast(t);
      if (t==DType.I32) x = NDArray.of(new int[]{3,-7,0,5,-5,100,1,2,-1,8,9,10,11,12,13,14});
      NDArray z = NDArray.build(DType.F64, x.shape(), (b,f,c)->{ for(int i=0;i<c;i++) b[i]=Math.sin(f+i+1)*3*(f+i<8?1:1);}).cast(t);
      NDArray zp = NDArray.build(DType.F64, x.shape(), (b,f,c)->{ for(int i=0;i<c;i++) b[i]=Math.abs(Math.sin(f+i+1)*3);}).cast(t);
      if (t==DType.I32) z = NDArray.of(new int[]{2,2,0,-3,3,7,1,0,-1,3,-4,10,5,5,4,3});
      Tensor a = Tensor.input("a", t, 16), b = Tensor.input("b", t, 16);
      for (Unary u : Unary.values()) { try { one(t+" "+u, u.on(a), Map.of("a",x)); } catch (IllegalArgumentException e) {} }
      for (Binary u : Binary.values()) { try { one(t+" "+u, u.on(a,b), Map.of("a",x,"b",u.name().startsWith("NATS")?zp:z)); } catch (IllegalArgumentException e) {} }
      for (DType to : DType.values()) if (to!=DType.I32) one(t+" cast "+to, a.cast(to), Map.of("a",x));
      Tensor c = Tensor.input("c", DType.BOOL, 16);
      one(t+" where", Tensor.where(c,a,b), Map.of("a",x,"b",z,"c",z.cast(DType.BOOL)));
      Tensor m = Tensor.input("m", t, 2,3,4); NDArray mm = NDArray.build(DType.F64, Shape.of(2,3,4), (q,f,n)->{ for(int i=0;i<n;i++) q[i]=Math.round(Math.sin(3*(f+i))*50);}).cast(t);
      Map<String,Tensor> ys=new LinkedHashMap<>();
      ys.put("expand", m.slice(1,0,1).broadcastTo(2,3,4)); ys.put("reshape", m.reshape(6,4)); ys.put("transpose", m.transpose(2,0,1)); ys.put("slice", m.slice(2,1,3)); ys.put("flip", m.flip(1)); ys.put("step", m.slice(2,0,4,2)); ys.put("get", m.get(1,2)); ys.put("concat", Tensor.concat(1, List.of(m,m.slice(1,0,1)))); ys.put("empty", m.slice(1,1,1)); ys.put("roll", m.roll(2,1)); ys.put("back", m.slice(2,3,0,-2));
      if (t!=DType.BOOL) { ys.put("argmax", m.argMax(1)); ys.put("argmax2", m.argMax(true,0,2)); ys.put("argsort", m.argSort(2)); ys.put("sortd", m.sort(1,true)); ys.put("max", m.max(1));}
      Tensor ix = Tensor.of(new int[][]{{1,0},{1,1}}), pk = Tensor.of(new int[][]{{1,0,3},{1,1,2}});
      ys.put("gather", m.gather(ix)); ys.put("gather1", m.gather(1, ix)); ys.put("pick", m.pick(pk)); ys.put("along", m.takeAlong(2, Tensor.of(NDArray.of(Shape.of(2,3,2),1,0,1,2,3,3,0,0,1,1,2,2)))); ys.put("onehot", Tensor.oneHot(Tensor.of(new int[]{1,2,0}), 4, t));
      if (t.isFloating()) { ys.put("sum", m.sum(1)); ys.put("sumall", m.sum()); ys.put("mean", m.mean(true,0,2)); ys.put("scatter", m.scatterAdd(Tensor.of(new int[]{1,1,0}), Tensor.stack(0,List.of(m.get(0),m.get(1),m.get(0)))));
        ys.put("cumsum", m.cumulativeSum(1)); ys.put("linrec", m.linearRecurrence(2, m.sin())); ys.put("linrecb", m.linearRecurrenceBackwards(1, m.cos())); ys.put("cumprod", m.sin().cumulativeProduct(1)); ys.put("matmul", m.matmul(m.transpose())); ys.put("softmax", m.times(0.1).softmax(2)); ys.put("logsoftmax", m.times(0.1).logSoftmax(1)); ys.put("lse", m.logSumExp(1)); ys.put("lcse", m.times(0.1).logCumulativeSumExp(1)); ys.put("prod", m.times(0.1).prod(2)); ys.put("var", m.variance()); ys.put("norm", m.norm()); ys.put("pad", m.pad(1,1,2,0)); ys.put("padv", m.pad(1,1,2,3)); ys.put("cummax", m.cumulativeMax(2)); ys.put("std", m.standardDeviation(1)); ys.put("einsum", Tensor.einsum("abc,adc->bd", m, m)); ys.put("clip", m.clip(-3,3)); ys.put("lerp", m.lerp(m.times(2), 0.3)); ys.put("hard", m.times(.1).hardSigmoid()); ys.put("elu", m.times(.1).elu(0.7)); ys.put("tri", m.lowerTriangle(0)); ys.put("diag", m.get(0).diagonal());
        Tensor g = dev.clew.gradient.Gradients.of(m.slice(2,0,4,2).tanh().times(m.slice(2,1,3)).plus(m.gather(Tensor.of(new int[]{1,0})).slice(2,1,3)).pick(Tensor.of(new int[][]{{0,1,1},{1,0,0}})).square().sum()).wrt(List.of(m)).get(m); ys.put("gradient", g); }
      if (t.isFloating()) { NDArray nn = NDArray.of(Shape.of(2,3,4), 1.,2,Double.NaN,0, Double.NaN,1,2,Double.NaN, 5,5,1,5, Double.POSITIVE_INFINITY,1,Double.NEGATIVE_INFINITY,0, 1,1,1,1, 0,-0.0,0,-1).cast(t);
        for (var e: Map.of("nan max", m.max(2), "nan argmax", m.argMax(2), "nan argsort", m.argSort(2), "nan sort desc", m.argSort(2,true), "nan cummax", m.cumulativeMax(2), "nan min", m.min(2), "nan argmin", m.argMin(2)).entrySet()) one(t+" "+e.getKey(), e.getValue(), Map.of("m",nn)); }
      ys.forEach((n,y)->one(t+" "+n, y, Map.of("m",mm)));
    }
  }
}
