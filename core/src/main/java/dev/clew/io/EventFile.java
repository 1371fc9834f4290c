package dev.clew.io;

import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.protobuf.MessageWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * An event file that is being written, which TensorBoard shows: numbers, histograms and texts by step.
 *
 * {@snippet lang=java :
 * try (var events = EventFile.create(Path.of("runs", "first"))) {
 *     for (int step = 0; step < 100; step++) {
 *         events.scalar("loss", step, adam.step(model.loss()).loss());
 *     }
 *     events.histogram("weights", 100, model.weights().value());
 *     events.text("remark", 100, "*Much* better.");
 * }
 * }
 *
 * <p>{@code tensorboard --logdir runs} shows every folder below as a run, while it is written too: each event is handed to the system
 * whole before its method returns, so that a program that is killed loses none. If the machine stops, the system may not have written
 * the last ones.
 *
 * <p>A folder belongs to one run, and one event file at a time: a run that goes on has another file in the same folder, {@link
 * #create(Path, long)}. Each says with which step it begins, and TensorBoard then leaves out what files before it say of this and
 * later steps; its fast loader, which is the default, goes by each series, and leaves out what lies behind the first step that comes
 * again.
 *
 * <p>A tag names one series of one kind; {@code /} in it makes groups. Steps are counted from 0 and grow. Events come out whole when
 * several threads write them.
 *
 * <p>Source: tensorflow/tsl {@code record_writer.h} (records), tensorboard {@code event.proto},
 * {@code summary.proto} and {@code plugins/hparams/plugin_data.proto}, of version 2.21.
 */
public final class EventFile implements Closeable {
    private static final String NAME = "events.out.tfevents.";
    private static final Pattern SECONDS = Pattern.compile(Pattern.quote(NAME) + "(\\d{10})\\D.*");
    private static final Pattern NOT_OF_A_NAME = Pattern.compile("[^A-Za-z0-9_-]");

    /** The last second that is written with ten digits: of the year 2286. */
    private static final long LAST = 9_999_999_999L;

    /** What is added to a checksum that is stored beside what it is of: a checksum of checksums is a bad one. */
    private static final int MASK = 0xa282ead8;

    private final Path file;
    private final OutputStream out;
    private final InstantSource clock;
    private final Map<String, Kind> kinds = new HashMap<>();
    /** Of all whole records. */
    private long length;

    private boolean isClosed;

    private enum Kind {
        SCALAR,
        HISTOGRAM,
        TEXT,
        HYPERPARAMETERS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private EventFile(Path file, OutputStream out, InstantSource clock) {
        this.file = file;
        this.out = out;
        this.clock = clock;
    }

    /** With the events that tell what kind of file it is, and where it begins. */
    static EventFile begin(Path file, OutputStream out, long firstStep, InstantSource clock) throws IOException {
        EventFile begun = new EventFile(file, out, clock);
        MessageWriter start = new MessageWriter().number(1, 1); // START
        try {
            begun.write(begun.event().text(3, "brain.Event:2"));
            begun.write(begun.event().number(2, firstStep).message(7, start));
            return begun;
        } catch (IOException error) {
            begun.close();
            throw error;
        }
    }

    /**
     * For a run that begins: a new file in a folder, which is made if it is not there. Other event files of the folder are of runs
     * that were given up.
     *
     * @throws IOException if it cannot be made
     * @see #create(Path, long, InstantSource)
     */
    public static EventFile create(Path folder) throws IOException {
        return create(folder, 0);
    }

    /**
     * For a run that begins or goes on with this step: a new file in a folder, which is made if it is not there. What other event
     * files of the folder say of this step and later ones was given up.
     *
     * @throws IllegalArgumentException if the step is negative
     * @throws IOException if it cannot be made
     * @see #create(Path, long, InstantSource)
     */
    public static EventFile create(Path folder, long firstStep) throws IOException {
        return create(folder, firstStep, InstantSource.system());
    }

    /**
     * The same by another clock, which tells when each event was.
     *
     * <p>The file is named {@code events.out.tfevents.SECONDS.HOST.PROCESS.NUMBER}; TensorBoard reads those of a folder in the order
     * of their names, so its seconds are those of the clock, but more than those of any file that is there. The host is what the
     * environment calls it, in {@code HOSTNAME} or {@code COMPUTERNAME}: no name server is asked.
     *
     * @throws IllegalArgumentException if the step is negative
     * @throws IOException if it cannot be made
     */
    public static EventFile create(Path folder, long firstStep, InstantSource clock) throws IOException {
        Present.require("create", folder, clock);
        requireCounted("create an event file in " + folder, firstStep);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new FileAlreadyExistsException(
                    "create an event file in " + folder + ": it is no folder; name one, or one that is to be made");
        }
        Files.createDirectories(folder);
        long pid = ProcessHandle.current().pid();
        String start = String.format(Locale.ROOT, "%s%010d.%s.%d.", NAME, seconds(folder, clock), host(), pid);
        for (int number = 0; ; number++) {
            Path file = folder.resolve(start + number);
            try {
                OutputStream out =
                        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
                return begin(file, out, firstStep, clock);
            } catch (FileAlreadyExistsException taken) {
                // By another machine of this name, which shares the folder, in the same moment.
            }
        }
    }

    private static long seconds(Path folder, InstantSource clock) throws IOException {
        long seconds = clock.instant().getEpochSecond();
        try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, NAME + "*")) {
            for (Path each : others) {
                Matcher matcher = SECONDS.matcher(each.getFileName().toString());
                if (matcher.matches()) {
                    seconds = Math.max(seconds, Math.min(LAST, Long.parseLong(matcher.group(1)) + 1));
                }
            }
        }
        return seconds;
    }

    private static String host() {
        Map<String, String> environment = System.getenv();
        String host = environment.getOrDefault("HOSTNAME", environment.getOrDefault("COMPUTERNAME", "localhost"));
        return NOT_OF_A_NAME.matcher(host).replaceAll("-");
    }

    /** Where it is written. */
    public Path file() {
        return file;
    }

    /**
     * A point of a curve. It is kept as a number of 32 bits, which is what TensorBoard shows: 24 bits of {@code value} are left, and
     * what is beyond 3.4·10³⁸ is infinite. NaN and infinite numbers are written as such.
     *
     * @throws IllegalArgumentException if the tag is empty, no Unicode or one of another kind, or the step is negative
     * @throws IllegalStateException if the file is closed
     * @throws IOException if it cannot be written; then the file ends with the event before
     */
    public void scalar(String tag, long step, double value) throws IOException {
        Present.single("scalar", tag);
        add(Kind.SCALAR, tag, step, new MessageWriter().text(1, tag).real(2, (float) value));
    }

    /**
     * How the numbers of an array are spread: how many lie in each of up to 2051 buckets, their least and largest, their sum and that
     * of their squares. Between 2⁻⁶⁴ and 2⁶⁴ a bucket is an eighth of a power of two. Truth values are 0 and 1; an empty array has a
     * histogram too.
     *
     * @throws IllegalArgumentException if a number is not finite; if the tag is empty, no Unicode or one of another kind, or the step is
     *     negative
     * @throws IllegalStateException if the file is closed
     * @throws IOException if it cannot be written; then the file ends with the event before
     */
    public void histogram(String tag, long step, NDArray numbers) throws IOException {
        Present.single("histogram", tag, numbers);
        MessageWriter buckets = Histogram.of("histogram '" + tag + "'", numbers).message();
        add(Kind.HISTOGRAM, tag, step, new MessageWriter().text(1, tag).message(5, buckets));
    }

    /**
     * A text, which TensorBoard shows as Markdown. Half of a surrogate pair, which is no letter, is written as a question mark.
     *
     * @throws IllegalArgumentException if the tag is empty, no Unicode or one of another kind, or the step is negative
     * @throws IllegalStateException if the file is closed
     * @throws IOException if it cannot be written; then the file ends with the event before
     */
    public void text(String tag, long step, String markdown) throws IOException {
        Present.single("text", tag, markdown);
        MessageWriter tensor = new MessageWriter()
                .number(1, 7) // DT_STRING
                .message(2, new MessageWriter()) // one, of no axes
                .text(8, markdown);
        add(Kind.TEXT, tag, step, ofPlugin(tag, tensor, new MessageWriter().text(1, "text")));
    }

    /**
     * What a run is made with, by name: TensorBoard's table of hyperparameters shows it beside what the run has come to, a row for
     * each run. They are written once.
     *
     * @param values numbers, of which those of 64 bits are rounded to {@code double}, truth values and texts
     * @throws IllegalArgumentException if there are none, a name is empty, a name or a text is no Unicode, or a value is of
     *     another type or not finite
     * @throws IllegalStateException if the file is closed, or has them already
     * @throws IOException if it cannot be written; then the file ends with the event before
     */
    public synchronized void hyperparameters(Map<String, ?> values) throws IOException {
        Present.require("hyperparameters", values);
        requireHyperparameters(values);
        String tag = "_hparams_/session_start_info";
        if (kinds.containsKey(tag)) {
            throw new IllegalStateException("hyperparameters: " + file + " has them already; they are written once");
        }
        MessageWriter info = new MessageWriter();
        values.forEach((name, value) -> info.message(1, hyperparameter(name, value)));
        MessageWriter content = new MessageWriter().message(3, info);
        MessageWriter tensor = new MessageWriter()
                .number(1, 1) // DT_FLOAT
                .message(2, new MessageWriter().message(2, new MessageWriter())); // of one axis of length 0
        MessageWriter plugin = new MessageWriter().text(1, "hparams").message(2, content);
        add(Kind.HYPERPARAMETERS, tag, 0, ofPlugin(tag, tensor, plugin));
    }

    /**
     * Refuses what {@link #hyperparameters} refuses, before there is a file.
     *
     * @throws IllegalArgumentException as {@link #hyperparameters} does
     */
    public static void requireHyperparameters(Map<String, ?> values) {
        Present.require("requireHyperparameters", values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("hyperparameters: there are none; give at least one, by name");
        }
        values.forEach(EventFile::requireShown);
    }

    private static void requireShown(String name, Object value) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("hyperparameters: the name of " + value + " is empty; it needs one");
        }
        requireLetters("hyperparameters: a name", name);
        switch (value) {
            case Number number when Double.isFinite(number.doubleValue()) -> {}
            case String text -> requireLetters("hyperparameters: the text of '" + name + "'", text);
            case Boolean _ -> {}
            default ->
                throw new IllegalArgumentException("hyperparameter '" + name + "' is " + value + ", "
                        + value.getClass().getName() + ": finite numbers, truth values and texts can be shown;"
                        + " give its toString()");
        }
    }

    private static MessageWriter hyperparameter(String name, Object value) {
        MessageWriter message = new MessageWriter();
        switch (value) {
            case Number number -> message.real(2, number.doubleValue());
            case Boolean truth -> message.number(4, truth ? 1 : 0);
            default -> message.text(3, value.toString());
        }
        return new MessageWriter().text(1, name).message(2, message);
    }

    private static MessageWriter ofPlugin(String tag, MessageWriter tensor, MessageWriter plugin) {
        MessageWriter metadata = new MessageWriter().message(1, plugin).number(4, 2); // DATA_CLASS_TENSOR
        return new MessageWriter().text(1, tag).message(8, tensor).message(9, metadata);
    }

    private synchronized void add(Kind kind, String tag, long step, MessageWriter value) throws IOException {
        requireOpen(kind + " '" + tag + "'");
        if (tag.isBlank()) {
            throw new IllegalArgumentException(kind + " of step " + step + ": its tag is empty; it needs a name");
        }
        requireLetters(kind + " of step " + step + ": its tag", tag);
        requireCounted(kind + " '" + tag + "'", step);
        Kind before = kinds.putIfAbsent(tag, kind);
        if (before != null && before != kind) {
            throw new IllegalArgumentException(kind + " '" + tag + "' of step " + step + ": the tag is that of a "
                    + before + ", and TensorBoard shows one kind under it; choose another");
        }
        write(event().number(2, step).message(5, new MessageWriter().message(1, value)));
    }

    /** Half of a surrogate pair would be written as a question mark. */
    private static void requireLetters(String what, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    what + " has half of a surrogate pair, which is no letter: '" + text + "'; take it out");
        }
    }

    private void requireOpen(String asked) {
        if (isClosed) {
            throw new IllegalStateException(asked + ": " + file + " is closed; create another in the same folder");
        }
    }

    private static void requireCounted(String asked, long step) {
        if (step < 0) {
            throw new IllegalArgumentException(asked + " of step " + step + ": steps are counted from 0");
        }
    }

    private MessageWriter event() {
        Instant now = clock.instant();
        return new MessageWriter().real(1, now.getEpochSecond() + now.getNano() / 1e9);
    }

    /** Little-endian: length, checksum of that, the event, checksum of that. */
    private void write(MessageWriter event) throws IOException {
        byte[] bytes = event.toBytes();
        ByteBuffer record = ByteBuffer.allocate(Math.addExact(bytes.length, 16)).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(bytes.length);
        record.putInt(masked(record.array(), Long.BYTES)).put(bytes).putInt(masked(bytes, bytes.length));
        try {
            out.write(record.array());
            length += record.capacity();
        } catch (IOException error) {
            takeBack(error);
            throw new IOException(
                    "write to " + file + ": " + error.getMessage() + "; it ends with the event before", error);
        }
    }

    /** What came of a record that is not whole, which nobody could read past. */
    private void takeBack(IOException error) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        } catch (IOException another) {
            error.addSuppressed(another);
            isClosed = true;
        }
    }

    /** The checksum of the first bytes, turned by 15 bits, and more by a constant. */
    static int masked(byte[] bytes, int count) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, count);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK;
    }

    /** Writes no more; it may be closed again. */
    @Override
    public synchronized void close() throws IOException {
        isClosed = true;
        out.close();
    }

    @Override
    public String toString() {
        return "Event file " + file;
    }
}
