package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import com.google.common.collect.Maps;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.ParameterLock;
import dev.clew.io.AtomicFile;
import dev.clew.io.Safetensors;
import dev.clew.io.UnreadableFileException;
import dev.clew.nn.Parameters;
import dev.clew.nn.internal.NamePattern;
import dev.clew.nn.internal.Names;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.tensor.Parameter;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What training has reached: the parameters of a model, what an optimizer keeps, and arrays and texts that belong to them, such as the
 * vocabulary, the random key and the step. All of it is one safetensors file, which other programs read too.
 *
 * {@snippet lang=java :
 * Snapshot.of(model, adam).with("vocabulary", letters).with("step", "1200").write(file);
 *
 * Snapshot snapshot = Snapshot.read(file);
 * snapshot.load(model, adam);
 * int step = Integer.parseInt(snapshot.text("step"));
 * }
 *
 * <p>Parameters have their own names in the file, {@code cell.wx}; what an optimizer keeps has {@code optimizer/} before its name, and
 * other arrays {@code array/}. A snapshot never changes: training goes on without it.
 */
public final class Snapshot {
    private static final String OPTIMIZER = "optimizer/";
    private static final String ARRAY = "array/";

    private final ImmutableMap<String, NDArray> arrays;
    private final ImmutableMap<String, String> texts;

    Snapshot(ImmutableMap<String, NDArray> arrays, ImmutableMap<String, String> texts) {
        this.arrays = arrays;
        this.texts = texts;
    }

    // --------------------------------------------------------------------------------------------------------- making

    /**
     * The parameters of a model as they are now, all at one moment, and its {@link Parameters#summary summary}.
     *
     * @throws IllegalArgumentException as {@link Parameters#named(Object)}; or if a name begins as those of other arrays do
     */
    public static Snapshot of(Object model) {
        Present.require("Snapshot", model);
        return of(model, parameters("Snapshot", model));
    }

    /**
     * The same with what an optimizer keeps from step to step, at the same moment: all that is needed to go on as if nothing had been.
     *
     * @throws IllegalArgumentException as {@link #of(Object)}
     */
    public static Snapshot of(Object model, Optimizer optimizer) {
        Present.require("Snapshot", model, optimizer);
        return of(model, parameters("Snapshot", model, optimizer));
    }

    private static Snapshot of(Object model, Map<String, Parameter> parameters) {
        ImmutableMap.Builder<String, NDArray> values = ImmutableMap.builder();
        ParameterLock.whileUnchanged(() -> {
            parameters.forEach((name, parameter) -> values.put(name, parameter.value()));
            return values;
        });
        return new Snapshot(values.buildOrThrow(), ImmutableMap.of(SnapshotFormat.SUMMARY, Parameters.summary(model)));
    }

    private static Map<String, Parameter> parameters(String asked, Object model) {
        Map<String, Parameter> named = Parameters.named(model);
        named.keySet().forEach(name -> {
            if (!isParameter(name)) {
                throw new IllegalArgumentException(asked + ": the parameter '" + name + "' of "
                        + model.getClass().getName() + " is named as other arrays are, which begin with '" + OPTIMIZER
                        + "' or '" + ARRAY + "'; rename it");
            }
        });
        return named;
    }

    private static Map<String, Parameter> parameters(String asked, Object model, Optimizer optimizer) {
        Map<String, Parameter> named = new LinkedHashMap<>(parameters(asked, model));
        optimizer.state().forEach((name, parameter) -> named.put(OPTIMIZER + name, parameter));
        return named;
    }

    private static boolean isParameter(String name) {
        return !name.startsWith(OPTIMIZER) && !name.startsWith(ARRAY);
    }

    /**
     * The same and a text, instead of one of that name if there is one.
     *
     * @throws IllegalArgumentException if the name begins with {@code clew.}, as what a snapshot says of itself does
     */
    public Snapshot with(String name, String text) {
        Present.require("with", name, text);
        if (name.startsWith(SnapshotFormat.OWN)) {
            throw new IllegalArgumentException("with '" + name + "': names that begin with '" + SnapshotFormat.OWN
                    + "' are those of what a snapshot says of itself; name it otherwise");
        }
        return new Snapshot(
                arrays,
                ImmutableMap.<String, String>builder()
                        .putAll(texts)
                        .put(name, text)
                        .buildKeepingLast());
    }

    /**
     * The same and the parameters of another model, or of the same one at another time, such as the best so far: {@link #model(String)} gives
     * them back.
     *
     * @throws IllegalArgumentException as {@link Parameters#named(Object)}
     */
    public Snapshot withModel(String name, Object model) {
        Present.require("withModel", name, model);
        Snapshot more = this;
        for (Map.Entry<String, Parameter> each : Parameters.named(model).entrySet()) {
            more = more.with(name + "." + each.getKey(), each.getValue().value());
        }
        return more;
    }

    /** The same and an array, instead of one of that name if there is one. */
    public Snapshot with(String name, NDArray array) {
        Present.require("with", name, array);
        return new Snapshot(
                ImmutableMap.<String, NDArray>builder()
                        .putAll(arrays)
                        .put(ARRAY + name, array)
                        .buildKeepingLast(),
                texts);
    }

    /**
     * The same with other names for parameters: each star of the second pattern stands for what that of the first stands for, as in
     * {@code renamed("encoder.*", "cell.*")}. What does not match keeps its name. For what an optimizer keeps, the patterns begin with
     * {@code optimizer/}.
     *
     * @throws IllegalArgumentException if nothing matches, the patterns have not as many stars, or two would have one name
     */
    public Snapshot renamed(String from, String to) {
        Present.require("renamed", from, to);
        String asked = "renamed from '" + from + "' to '" + to + "'";
        NamePattern before = NamePattern.of(from);
        NamePattern after = NamePattern.of(to);
        if (before.stars() != after.stars()) {
            throw new IllegalArgumentException(asked + ": there are " + before.stars() + " stars and " + after.stars()
                    + "; each stands for what the same one of the other does");
        }
        Map<String, NDArray> renamed = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            String next = before.renamed(name, after).orElse(name);
            if (renamed.put(next, array) != null) {
                throw new IllegalArgumentException(
                        asked + ": two would be named '" + next + "'; use a narrower pattern");
            }
        });
        if (arrays.keySet().stream().noneMatch(before::matches)) {
            throw new IllegalArgumentException(asked + ": there is none. The names are " + arrays.keySet());
        }
        return new Snapshot(ImmutableMap.copyOf(renamed), texts);
    }

    // --------------------------------------------------------------------------------------------------------- looking

    /** The numbers of the parameters, by name. */
    public Map<String, NDArray> parameters() {
        return ImmutableMap.copyOf(Maps.filterKeys(arrays, Snapshot::isParameter));
    }

    /** What the optimizer kept, by the names of {@link Optimizer#state}; nothing if there was none. */
    public Map<String, NDArray> optimizer() {
        return under(OPTIMIZER);
    }

    /** The other arrays, by name. */
    public Map<String, NDArray> arrays() {
        return under(ARRAY);
    }

    private ImmutableMap<String, NDArray> under(String start) {
        ImmutableMap.Builder<String, NDArray> under = ImmutableMap.builder();
        arrays.forEach((name, array) -> {
            if (name.startsWith(start)) {
                under.put(name.substring(start.length()), array);
            }
        });
        return under.buildOrThrow();
    }

    /**
     * An array that was put in {@link #with(String, NDArray) with} a name.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public NDArray array(String name) {
        Present.require("array", name);
        return Names.of(arrays(), name, "array '" + name + "' of a snapshot");
    }

    /**
     * The parameters that were put in {@link #withModel with} a name, as a snapshot of these alone. A {@link Trainer} keeps the best weights
     * so: {@code Snapshot.read(file).model("best").load(model)}.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Snapshot model(String name) {
        Present.require("model", name);
        ImmutableMap.Builder<String, NDArray> found = ImmutableMap.builder();
        arrays().forEach((each, array) -> {
            if (each.startsWith(name + ".")) {
                found.put(each.substring(name.length() + 1), array);
            }
        });
        ImmutableMap<String, NDArray> parameters = found.buildOrThrow();
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "model '" + name + "' of a snapshot: there is none. The arrays are " + arrays().keySet());
        }
        return new Snapshot(parameters, ImmutableMap.of());
    }

    /** The texts, by name. */
    public Map<String, String> texts() {
        return ImmutableMap.copyOf(Maps.filterKeys(texts, name -> !name.startsWith(SnapshotFormat.OWN)));
    }

    /**
     * A text that was put in {@link #with(String, String) with} a name.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public String text(String name) {
        Present.require("text", name);
        return Names.of(texts(), name, "text '" + name + "' of a snapshot");
    }

    /** The {@link Parameters#summary summary} of the model whose parameters these are; empty if another program has written them. */
    public String summary() {
        return texts.getOrDefault(SnapshotFormat.SUMMARY, "");
    }

    /** How many parameters, what an optimizer kept, and the names of all else. */
    @Override
    public String toString() {
        return "Snapshot of " + counted(parameters(), "parameter") + ", " + counted(optimizer(), "array")
                + " of an optimizer, arrays " + arrays().keySet() + ", texts " + texts().keySet();
    }

    private static String counted(Map<String, NDArray> all, String what) {
        return all.size() + " " + what + (all.size() == 1 ? "" : "s");
    }

    // --------------------------------------------------------------------------------------------------------- loading

    /**
     * What came of loading.
     *
     * @param loaded the parameters that have the snapshot's numbers now
     * @param kept the parameters that the snapshot does not have, and that stayed as they were
     * @param unused what the snapshot has of parameters and is in the model under no such name
     */
    public record Loaded(List<String> loaded, List<String> kept, List<String> unused) {
        /** Copies. */
        public Loaded {
            Present.require("Loaded", loaded, kept, unused);
            loaded = ImmutableList.copyOf(loaded);
            kept = ImmutableList.copyOf(kept);
            unused = ImmutableList.copyOf(unused);
        }
    }

    /**
     * Puts the numbers into the parameters of a model, all of them together: a step of training in another thread comes before or after.
     * What an optimizer kept is not looked at.
     *
     * @throws IllegalArgumentException if names, shapes or types differ; it lists all differences, and nothing has changed
     */
    @CanIgnoreReturnValue
    public Loaded load(Object model) {
        Present.require("load", model);
        return new Loading(asked("load", model), parameters(), parameters("load", model)).whole();
    }

    /**
     * The same, and what the optimizer kept into what this one keeps, all together.
     *
     * @throws IllegalArgumentException as {@link #load(Object)}, also for what the optimizer keeps
     */
    @CanIgnoreReturnValue
    public Loaded load(Object model, Optimizer optimizer) {
        Present.require("load", model, optimizer);
        Map<String, NDArray> numbers = Maps.filterKeys(arrays, name -> !name.startsWith(ARRAY));
        return new Loading(asked("load", model), numbers, parameters("load", model, optimizer)).whole();
    }

    /**
     * Puts numbers into those parameters of a model whose names match one of some patterns, {@code cell.*}, as far as there are any of
     * that name. The others stay as they are; the result says which.
     *
     * @throws IllegalArgumentException if no parameter matches a pattern, none of them is in the snapshot, or shapes or types of some
     *     differ; it lists all differences, and nothing has changed
     */
    @CanIgnoreReturnValue
    public Loaded loadPart(Object model, String pattern, String... more) {
        Present.require("loadPart", model, pattern, more);
        Map<String, Parameter> named = parameters("loadPart", model);
        Map<String, Parameter> matching = new LinkedHashMap<>();
        for (String each : Lists.asList(pattern, more)) {
            Map<String, Parameter> found = Maps.filterKeys(named, NamePattern.of(each)::matches);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(asked("loadPart '" + each + "'", model)
                        + ": no parameter matches. The names are " + named.keySet());
            }
            matching.putAll(found);
        }
        return new Loading(asked("loadPart", model), parameters(), matching).part();
    }

    private static String asked(String what, Object model) {
        return what + " into " + model.getClass().getName();
    }

    // ----------------------------------------------------------------------------------------------------------- files

    /**
     * Writes it to a file, or puts it in the place of what was there, whole or not at all, whenever the program or the machine stops, as
     * {@link AtomicFile} does.
     *
     * @throws IllegalArgumentException if a name or a text is not Unicode
     * @throws IOException if the disk fails; then what was there before is unchanged
     */
    public void write(Path file) throws IOException {
        Present.require("write", file);
        Safetensors.write(file, arrays, SnapshotFormat.metadata(arrays, texts));
    }

    /**
     * Writes the bytes of that file to a channel that blocks.
     *
     * @throws IllegalArgumentException if a name or a text is not Unicode
     * @throws IOException if the channel throws it
     */
    public void writeTo(WritableByteChannel channel) throws IOException {
        Present.require("writeTo", channel);
        Safetensors.write(channel, arrays, SnapshotFormat.metadata(arrays, texts));
    }

    /**
     * A snapshot from a file, all of it, after its checksum has been found right.
     *
     * @throws UnreadableFileException with the reason, if the file is cut off, altered, no snapshot, or of a newer format
     * @throws IOException if there is no such file, or the disk fails
     */
    public static Snapshot read(Path file) throws IOException {
        Present.require("read", file);
        try (Safetensors open = Safetensors.open(file)) {
            return SnapshotFormat.read(file, open);
        }
    }

    /**
     * What any program has written as safetensors, of which every array is taken as a parameter; there is no checksum. A snapshot is read
     * as one. Names often differ, and are made equal by {@link #renamed}; layouts may differ too.
     *
     * @throws UnreadableFileException with the reason, if it is not such a file, or arrays cannot hold what it has
     * @throws IOException if there is no such file, or the disk fails
     */
    public static Snapshot readWeights(Path file) throws IOException {
        Present.require("readWeights", file);
        try (Safetensors open = Safetensors.open(file)) {
            return SnapshotFormat.isSnapshot(open)
                    ? SnapshotFormat.read(file, open)
                    : new Snapshot(ImmutableMap.copyOf(open.readAll()), ImmutableMap.copyOf(open.metadata()));
        }
    }
}
