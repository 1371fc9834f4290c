package dev.clew.examples.peers;

import com.google.common.collect.ImmutableList;
import dev.clew.examples.benchmark.Trainer;
import dev.clew.examples.benchmark.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/**
 * A training in TensorFlow: the loop runs once and builds a graph of the loss, its gradient and the update, which a session then
 * runs.
 */
final class TensorFlowTrainer<N extends TNumber> implements Trainer {
    private final Graph graph = new Graph();
    private final Session session;
    private final Map<Operand<?>, Tensor> given;
    private final Operand<N> loss;
    private final Op update;
    private final RunOptions where;

    TensorFlowTrainer(Job job, Class<N> type, ConfigProto config) {
        Ops tf = Ops.create(graph);
        TensorFlowMaths<N> maths = new TensorFlowMaths<>(tf, job, type);
        loss = Loops.of(job, maths).get();
        List<Operand<N>> weights = maths.weights();
        List<Operand<?>> slopes =
                ImmutableList.copyOf(tf.gradients(loss, List.copyOf(weights)).iterator());
        List<Op> before = new ArrayList<>(slopes);
        before.add(loss);
        // Else a weight may change while the gradient of another, or the loss, still needs its value.
        Ops after = tf.withControlDependencies(before);
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            Operand<N> slope = slopes.get(i).asOutput().expect(type);
            updates.add(after.train.applyGradientDescent(weights.get(i), maths.number(job.rate()), slope));
        }
        update = tf.withControlDependencies(updates).noOp();
        given = maths.given();
        // With one thread, the caller's own: handing over to a pool of one costs 5 to 8 % on small graphs.
        where = RunOptions.newBuilder()
                .setInterOpThreadPool(config.getInterOpParallelismThreads() == 1 ? -1 : 0)
                .build();
        session = new Session(graph, config);
        maths.begin(session);
    }

    @Override
    public double step() {
        Session.Runner runner = session.runner().setOptions(where);
        given.forEach(runner::feed);
        try (Result result = runner.addTarget(update).fetch(loss).run()) {
            return result.get(0) instanceof TFloat32 single
                    ? single.getFloat()
                    : ((TFloat64) result.get(0)).getDouble();
        }
    }

    @Override
    public void close() {
        given.values().forEach(Tensor::close);
        session.close();
        graph.close();
    }
}
