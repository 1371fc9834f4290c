package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import it.unimi.dsi.fastutil.objects.Reference2LongLinkedOpenHashMap;
import it.unimi.dsi.fastutil.objects.Reference2LongMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value that was asked for, with the versions of the parameters it was computed from. */
public final class Kept {
    private static final TensorAccess ACCESS = TensorAccess.get();

    private final NDArray value;
    private final Reference2LongMap<Parameter> versions;

    private Kept(NDArray value, Reference2LongMap<Parameter> versions) {
        this.value = value;
        this.versions = versions;
    }

    /** The value of a tensor if no computing is needed: a source's, or kept and still valid. An input has none. */
    public static Optional<NDArray> atHand(Tensor tensor) {
        if (tensor.op() instanceof Source.Input) {
            return Optional.empty();
        }
        if (tensor.op() instanceof Source source) {
            return Optional.of(source.value(tensor, List.of()));
        }
        Kept kept = ACCESS.kept(tensor);
        return kept != null && isCurrent(kept.versions) ? Optional.of(kept.value) : Optional.empty();
    }

    /** Whether evaluation can stop at this tensor. */
    public static boolean isAtHand(Tensor tensor) {
        Kept kept = ACCESS.kept(tensor);
        return tensor.op() instanceof Source || (kept != null && isCurrent(kept.versions));
    }

    /** Values from what is at hand or from an evaluation; the latter are kept, unless a parameter changed meanwhile. */
    public static List<NDArray> values(List<Tensor> tensors) {
        List<NDArray> values = found(tensors);
        if (Tracing.isOn()) {
            FirstNonFinite.requireNumbers(tensors, values, Map.of());
        }
        return values;
    }

    private static List<NDArray> found(List<Tensor> tensors) {
        if (tensors.size() == 1) {
            @Nullable NDArray known = atHand(tensors.getFirst()).orElse(null);
            if (known != null) {
                return List.of(known);
            }
        }
        Reference2LongMap<Parameter> before = ParameterLock.whileUnchanged(() -> {
            Graph graph = Graph.toCompute(tensors);
            Afterwards.asked(tensors, graph.nodes());
            return versions(graph);
        });
        List<NDArray> values = Evaluator.current().evaluate(tensors);
        return ParameterLock.whileUnchanged(() -> {
            if (isCurrent(before)) {
                keep(tensors, values, before);
            }
            return values;
        });
    }

    private static void keep(List<Tensor> tensors, List<NDArray> values, Reference2LongMap<Parameter> versions) {
        for (int i = 0; i < tensors.size(); i++) {
            if (!(tensors.get(i).op() instanceof Source)) {
                ACCESS.keep(tensors.get(i), new Kept(values.get(i), versions));
            }
        }
    }

    /** The versions of every parameter that some tensors depend on. */
    static Reference2LongMap<Parameter> versions(List<Tensor> tensors) {
        return versions(Graph.toCompute(tensors));
    }

    private static Reference2LongMap<Parameter> versions(Graph graph) {
        Reference2LongMap<Parameter> versions = new Reference2LongLinkedOpenHashMap<>();
        for (Tensor node : graph.nodes()) {
            Kept kept = ACCESS.kept(node);
            if (node instanceof Parameter parameter) {
                versions.put(parameter, parameter.version());
            } else if (kept != null && isAtHand(node)) {
                versions.putAll(kept.versions);
            }
        }
        return versions;
    }

    static boolean isCurrent(Reference2LongMap<Parameter> versions) {
        for (Reference2LongMap.Entry<Parameter> entry : versions.reference2LongEntrySet()) {
            if (entry.getKey().version() != entry.getLongValue()) {
                return false;
            }
        }
        return true;
    }
}
