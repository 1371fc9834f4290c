package dev.clew.examples.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ascii;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.AuditReport;
import dev.clew.audit.AuditedGradient;
import dev.clew.audit.AuditedStep;
import dev.clew.audit.ByHand;
import dev.clew.audit.Explanation;
import dev.clew.audit.Finding;
import dev.clew.audit.ForwardDifference;
import dev.clew.audit.GradientAudit;
import dev.clew.audit.GradientCheck;
import dev.clew.audit.GradientReport;
import dev.clew.audit.HandWritten;
import dev.clew.audit.HandWrittenAssert;
import dev.clew.audit.Location;
import dev.clew.audit.Unrolled;
import dev.clew.gradient.FixedPoint;
import dev.clew.gradient.Gradients;
import dev.clew.io.AtomicFile;
import dev.clew.nn.Initializer;
import dev.clew.nn.Parameters;
import dev.clew.nn.credit.CreditReport;
import dev.clew.nn.data.Batches;
import dev.clew.nn.data.VocabularyChoice;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.MinimalGatedUnit;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.metric.Metric;
import dev.clew.nn.metric.Metrics;
import dev.clew.nn.optimizer.Adagrad;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.AdamW;
import dev.clew.nn.optimizer.Lbfgs;
import dev.clew.nn.optimizer.Lion;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.optimizer.RmsProp;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.optimizer.Transform;
import dev.clew.nn.optimizer.Tunable;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Masks;
import dev.clew.nn.training.Callback;
import dev.clew.nn.training.Carrying;
import dev.clew.nn.training.Objective;
import dev.clew.nn.training.Trainer;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Naming;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Op;
import dev.clew.tensor.Ranked;
import dev.clew.tensor.Site;
import java.lang.reflect.Executable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Null, alone or in an array, a collection or a map, for every argument of everything public: an error says who was asked, and nothing
 * changes. Callers without a null checker must not read of what stands within the library.
 */
final class NullsTest {
    private final Samples samples = new Samples();

    /** Types whose methods users do not call, and why their arguments are not looked at. */
    private static final Map<String, Set<Class<?>>> EXEMPT = Map.of(
            "the rules of operations, called by the library on what has been checked",
            Set.of(Op.class, Naming.class),
            "what users write and the library calls",
            Set.of(
                    AtomicFile.Content.class,
                    Custom.class,
                    Initializer.class,
                    NDArray.Filler.class,
                    Transform.class,
                    Batches.Generator.class,
                    Batches.Epochs.class,
                    Callback.class,
                    Carrying.class,
                    Objective.class,
                    HandWritten.class),
            "what the library makes and hands out",
            Set.of(
                    Finding.class,
                    GradientReport.class,
                    AuditReport.class,
                    AuditedGradient.class,
                    AuditedGradient.Element.class,
                    AuditedStep.class,
                    Explanation.class,
                    ForwardDifference.class,
                    Location.class,
                    NonFinite.class,
                    Site.class,
                    Ranked.class));

    /** The same for a type itself, while the library's own that implement it are looked at. */
    private static final Set<Class<?>> EXEMPT_ALONE = Set.of(Cell.class, Metric.class, Metric.Tally.class);

    /** The same for single methods. */
    private static final Map<String, Set<String>> EXEMPT_METHODS = Map.of(
            "what Java says of them holds: false, and an error that names the argument", Set.of("equals", "valueOf"),
            "what its function gives is looked at when a batch is made", Set.of("map"));

    /** What calls the functions that it is given later, so that what they give cannot be looked at yet. */
    private static final Set<Class<?>> LATER = Set.of(Metrics.class, Trainer.class);

    /** By what errors call something, where that is neither its name nor that of its type. */
    private static final Map<Class<?>, Set<String>> ALSO = Map.ofEntries(
            Map.entry(NDArray.class, Set.of("array", "row")),
            Map.entry(IntTuple.class, Set.of("tuple")),
            Map.entry(Parameters.class, Set.of("parameter")),
            Map.entry(RandomKey.class, Set.of("key")),
            Map.entry(Gradients.class, Set.of("gradient")),
            Map.entry(GradientCheck.class, Set.of("gradient check", "gradients by hand")),
            Map.entry(GradientAudit.class, Set.of("gradient audit", "gradients by hand", "code by hand")),
            Map.entry(HandWrittenAssert.class, Set.of("gradient audit")),
            Map.entry(ByHand.class, Set.of("gradients by hand", "adjoints by hand", "activations by hand")),
            Map.entry(Unrolled.class, Set.of("audit", "initial state", "steps")),
            Map.entry(Linear.class, Set.of("linear layer")),
            Map.entry(RnnCell.class, Set.of("RNN cell")),
            Map.entry(FixedPoint.class, Set.of("fixed point")),
            Map.entry(MinimalGatedUnit.class, Set.of("minimal gated unit")),
            Map.entry(CrossEntropy.class, Set.of("softmaxCrossEntropy", "negativeLogLikelihood")),
            Map.entry(Masks.class, Set.of("mask of lengths")),
            Map.entry(CreditReport.class, Set.of("report")),
            Map.entry(Optimizer.class, Set.of("parameters")),
            Map.entry(VocabularyChoice.class, Set.of("vocabulary")),
            Map.entry(Tunable.class, Set.of("rate")),
            Map.entry(Adagrad.class, Set.of("parameters", "optimizer")),
            Map.entry(Adam.class, Set.of("parameters", "optimizer")),
            Map.entry(AdamW.class, Set.of("parameters", "optimizer")),
            Map.entry(Lbfgs.class, Set.of("parameters")),
            Map.entry(Lion.class, Set.of("parameters", "optimizer")),
            Map.entry(RmsProp.class, Set.of("parameters", "optimizer")),
            Map.entry(Sgd.class, Set.of("parameters", "optimizer")));

    @Test
    void nullIsRefusedByTheNameOfWhatWasAskedAndNothingChanges() {
        Set<String> wrong = new TreeSet<>();
        int asked = 0;
        for (Class<?> type : PublicApi.types()) {
            for (Executable entry : isExempt(type) ? List.<Executable>of() : PublicApi.entries(type)) {
                asked += EXEMPT_METHODS.values().stream().anyMatch(names -> names.contains(entry.getName()))
                        ? 0
                        : refused(type, entry, wrong);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).as("calls with null").isGreaterThan(300);
    }

    private static boolean isExempt(Class<?> type) {
        return EXEMPT_ALONE.contains(type)
                || EXEMPT.values().stream()
                        .flatMap(Set::stream)
                        .anyMatch(each -> each.isAssignableFrom(type)
                                || Optional.ofNullable(type.getEnclosingClass())
                                        .filter(Op.class::isAssignableFrom)
                                        .isPresent());
    }

    /** How often it was called. */
    private int refused(Class<?> type, Executable entry, Set<String> wrong) {
        Type[] types = entry.getGenericParameterTypes();
        List<Object> fitting = Arrays.stream(types).map(samples::of).toList();
        int calls = 0;
        for (int i = 0; i < types.length; i++) {
            for (Object mistake : mistakes(type, types[i])) {
                List<@Nullable Object> arguments = new ArrayList<>(fitting);
                arguments.set(i, mistake);
                said(type, entry, arguments)
                        .ifPresent(said ->
                                wrong.add(type.getSimpleName() + "." + entry.getName() + arguments + ": " + said));
                calls++;
            }
        }
        return calls;
    }

    private List<@Nullable Object> mistakes(Class<?> asked, Type type) {
        if (type instanceof Class<?> one && one.isPrimitive()) {
            return List.of();
        }
        boolean isLater = LATER.contains(asked)
                && type instanceof ParameterizedType generic
                && generic.getRawType() == Function.class;
        List<@Nullable Object> all = new ArrayList<>(isLater ? List.of() : samples.withNull(type));
        all.add(null);
        return all;
    }

    /** What is wrong with what is said. */
    private Optional<String> said(Class<?> type, Executable entry, List<@Nullable Object> arguments) {
        String before = samples.state();
        try {
            List<@Nullable Object> all = new ArrayList<>(arguments);
            if (!PublicApi.isStatic(entry)) {
                all.addFirst(samples.of(type));
            }
            PublicApi.handle(type, entry).invoke(all.toArray());
            return Optional.of("nothing");
        } catch (IllegalArgumentException error) {
            String message = String.valueOf(error.getMessage());
            String name = entry.getName().substring(entry.getName().lastIndexOf('.') + 1);
            boolean isNamed = Stream.concat(
                            Stream.of(name, type.getSimpleName()), ALSO.getOrDefault(type, Set.of()).stream())
                    .anyMatch(each -> Ascii.toLowerCase(message).startsWith(Ascii.toLowerCase(each)));
            return isNamed && message.contains("null") && samples.state().equals(before)
                    ? Optional.empty()
                    : Optional.of(message);
        } catch (Throwable error) {
            return Optional.of(error.toString());
        }
    }
}
