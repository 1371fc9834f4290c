package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.runtime.kernel.Cluster.Output;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import java.util.function.UnaryOperator;

/**
 * A cluster in the form that kernels are made of.
 *
 * <p>Where every stream is one number or a run without gaps, rows mean nothing: the cluster is <em>flat</em>, one row, of which a
 * kernel computes elements {@code from .. to − 1}. Its number of columns is then 0, and unknown until it is run, so that all
 * lengths share one kernel. A single column of rows without gaps is such a run too.
 *
 * @param perRow how many elements of a flat cluster make up a row of the cluster that it comes from; otherwise 1
 */
record ClusterForm(Cluster cluster, boolean isFlat, int perRow) {

    static ClusterForm of(Cluster given) {
        // Of a single column the column stride says nothing; with 1 it is a run if its rows are.
        Cluster cluster = given.columns() == 1
                ? with(given, given.rows(), 1, stream -> new Stream(stream.type(), stream.rowStride(), 1))
                : given;
        boolean isFlat = !cluster.hasReductions()
                && cluster.inputs().stream().allMatch(input -> isRun(cluster, input) || isOne(cluster, input))
                && cluster.outputs().stream().allMatch(output -> isRun(cluster, output.stream()));
        return isFlat
                ? new ClusterForm(
                        with(cluster, 1, 0, stream -> new Stream(stream.type(), 0, isRun(cluster, stream) ? 1 : 0)),
                        true,
                        given.columns())
                : new ClusterForm(with(cluster, 0, cluster.columns(), UnaryOperator.identity()), false, 1);
    }

    private static boolean isRun(Cluster cluster, Stream stream) {
        return stream.columnStride() == 1 && (stream.rowStride() == cluster.columns() || cluster.rows() <= 1);
    }

    private static boolean isOne(Cluster cluster, Stream stream) {
        return (stream.columnStride() == 0 || cluster.columns() == 1)
                && (stream.rowStride() == 0 || cluster.rows() <= 1);
    }

    private static Cluster with(Cluster cluster, int rows, int columns, UnaryOperator<Stream> stream) {
        return new Cluster(
                rows,
                columns,
                cluster.inputs().stream().map(stream).collect(ImmutableList.toImmutableList()),
                cluster.steps(),
                cluster.outputs().stream()
                        .map(output -> new Output(output.value(), stream.apply(output.stream()), output.upon()))
                        .collect(ImmutableList.toImmutableList()));
    }
}
