package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.NDArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TensorBoard is to show: the bytes, whatever fails, and whatever is in the folder. */
final class EventFileTest {
    private static final double TIME = 1_700_000_000.5;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000L, 500_000_000));

    @TempDir
    private Path folder;

    private static EventRecords.Event event(long step, String told) {
        return new EventRecords.Event(TIME, step, told);
    }

    /** Of an open file, after the two with which it begins. */
    private static List<EventRecords.Event> told(EventFile events) throws IOException {
        List<EventRecords.Event> all = EventRecords.events(events.file());
        assertThat(all.getFirst()).isEqualTo(event(0, "version brain.Event:2"));
        assertThat(all.get(1).told()).isEqualTo("session 1");
        return all.subList(2, all.size());
    }

    /** The checksums are those of RFC 3720, B.4, and of 123456789; the mask was laid over them by hand. */
    @Test
    void checksumsAreThePublishedOnesUnderTheMask() {
        byte[] ones = new byte[32];
        byte[] up = new byte[32];
        byte[] down = new byte[32];
        for (int i = 0; i < 32; i++) {
            ones[i] = -1;
            up[i] = (byte) i;
            down[i] = (byte) (31 - i);
        }
        List<byte[]> texts = List.of(new byte[32], ones, up, down, "123456789".getBytes(StandardCharsets.US_ASCII));
        assertThat(texts.stream().map(EventRecords::checksum))
                .containsExactly(0x8a9136aa, 0x62a8ab43, 0x46dd794e, 0x113fdb5c, 0xe3069283);
        assertThat(texts.stream().map(each -> EventFile.masked(each, each.length)))
                .containsExactly(0x0fd7fffa, 0xf909b029, 0x951f7892, 0x593b0d57, 0xc78ab0e5);
        assertThat(EventFile.masked("1234567890".getBytes(StandardCharsets.US_ASCII), 9))
                .isEqualTo(0xc78ab0e5);
    }

    /**
     * The bytes are from Python's struct and a checksum of ten lines, by the numbers of fields in TensorFlow's event.proto,
     * summary.proto, tensor.proto; TensorBoard 2.21 read them, and found in them what was put in.
     */
    @Test
    void aFileOfEveryKindIsTheseBytes() throws IOException {
        try (EventFile events = EventFile.create(folder, 300, CLOCK)) {
            events.scalar("loss", 300, 0.1);
            events.histogram("w", 301, NDArray.of(new float[] {-1, 0, 0.5F, 0.5F, 3}));
            events.text("note", 302, "**ü**");
            String record = "";
            record += "1800000000000000a37f4b22" + "0900002040fc54d941" + "1a0d627261696e2e4576656e743a32" + "2b353110";
            record += "100000000000000095fbfe18" + "0900002040fc54d941" + "10ac02" + "3a020801" + "b94512a3";
            record += "1b000000000000001a0d9e13" + "0900002040fc54d941" + "10ac02" + "2a0d0a0b" + "0a046c6f7373"
                    + "15cdcccc3d" + "66dece72";
            record += "b900000000000000885fff04" + "0900002040fc54d941" + "10ad02" + "2aaa010aa701" + "0a0177"
                    + "2aa101"
                    + "09000000000000f0bf" + "110000000000000840" + "190000000000001440" + "210000000000000840"
                    + "290000000000002540" + "3238" + "000000000000f0bf" + "000000000000f0bb" + "000000000000f03b"
                    + "000000000000e03f" + "000000000000e23f" + "0000000000000840" + "0000000000000a40" + "3a38"
                    + "000000000000f03f" + "0000000000000000" + "000000000000f03f" + "0000000000000000"
                    + "0000000000000040" + "0000000000000000" + "000000000000f03f" + "60b878f6";
            record += "300000000000000095f5d05f" + "0900002040fc54d941" + "10ae02" + "2a220a20" + "0a046e6f7465"
                    + "420c" + "0807" + "1200" + "42062a2ac3bc2a2a" + "4a0a" + "0a060a0474657874" + "2002" + "6b6ec721";
            assertThat(HexFormat.of().formatHex(Files.readAllBytes(events.file())))
                    .isEqualTo(record);
        }
    }

    @Test
    void everyEventIsInTheFileBeforeAnythingElseHappens() throws IOException {
        try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
            List<EventRecords.Event> expected = new ArrayList<>();
            assertThat(told(events)).isEmpty();
            events.scalar("a/b", 0, 1.5);
            expected.add(event(0, "scalar a/b = 1.5"));
            assertThat(told(events)).isEqualTo(expected);
            events.text("ö", Long.MAX_VALUE, "");
            expected.add(event(Long.MAX_VALUE, "tensor ö = type 7 of no axes '' for text, class 2"));
            assertThat(told(events)).isEqualTo(expected);
            events.text("ö", 3, "x".repeat(100_000));
            expected.add(event(3, "tensor ö = type 7 of no axes '" + "x".repeat(100_000) + "' for text, class 2"));
            assertThat(told(events)).isEqualTo(expected);
            events.histogram("w", 1, NDArray.of(2.0));
            assertThat(told(events))
                    .hasSize(4)
                    .last()
                    .satisfies(each ->
                            assertThat(each.told()).startsWith("histogram w = Histo[least=2.0, most=2.0, number=1.0"));
        }
    }

    @Test
    void scalarsAreTheNearestNumbersOf32Bits() throws IOException {
        try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
            double[] values = {0.1, 16_777_217, 1e39, -1e39, 1e-46, Double.NaN, Double.NEGATIVE_INFINITY, -0.0};
            for (double each : values) {
                events.scalar("x", 1, each);
            }
            assertThat(told(events).stream().map(EventRecords.Event::told))
                    .containsExactly(
                            "scalar x = 0.1",
                            "scalar x = 1.6777216E7",
                            "scalar x = Infinity",
                            "scalar x = -Infinity",
                            "scalar x = 0.0",
                            "scalar x = NaN",
                            "scalar x = -Infinity",
                            "scalar x = -0.0");
        }
    }

    @Test
    void timesAreThoseOfTheClockInSeconds() throws IOException {
        Instant[] now = {Instant.ofEpochSecond(12, 250_000_000)};
        try (EventFile events = EventFile.create(folder, 0, () -> now[0])) {
            now[0] = now[0].plusMillis(1500);
            events.scalar("x", 0, 1);
            assertThat(EventRecords.events(events.file()).stream().map(EventRecords.Event::time))
                    .containsExactly(12.25, 12.25, 13.75);
        }
        try (EventFile events = EventFile.create(folder)) {
            double time = EventRecords.events(events.file()).getFirst().time();
            assertThat(time).as("seconds since 1970, of this century").isBetween(1.7e9, 4.2e9);
        }
    }

    @Test
    void aFileComesAfterThoseThatAreThere() throws IOException {
        for (String each : List.of(
                "events.out.tfevents.0000000500.host.1.0",
                "events.out.tfevents.1700000007.other.99.12",
                "events.out.tfevents.99999999999.host.1.0",
                "events.out.tfevents.soon",
                "1800000000")) {
            Files.createFile(folder.resolve(each));
        }
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
                made.add(events.file().getFileName().toString());
                assertThat(events.file().getParent()).isEqualTo(folder);
                assertThat(events).hasToString("Event file " + events.file());
            }
        }
        long pid = ProcessHandle.current().pid();
        for (int i = 0; i < 12; i++) {
            assertThat(made.get(i))
                    .matches("events\\.out\\.tfevents\\.%010d\\.[A-Za-z0-9_-]+\\.%d\\.0"
                            .formatted(1_700_000_008 + i, pid));
        }
        try (EventFile events = EventFile.create(folder.resolve("a/b"), 0, CLOCK)) {
            assertThat(events.file().getFileName().toString()).startsWith("events.out.tfevents.1700000000.");
        }
        Path file = folder.resolve("1800000000");
        assertThatThrownBy(() -> EventFile.create(file))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage(
                        "create an event file in " + file + ": it is no folder; name one, or one that is to be made");
    }

    @Test
    void theNameHasTheSameDigitsEverywhere() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
            assertThat(events.file().getFileName().toString()).startsWith("events.out.tfevents.1700000000.");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aRunThatGoesOnSaysWithWhichStep() throws IOException {
        try (EventFile events = EventFile.create(folder, 41, CLOCK)) {
            assertThat(EventRecords.events(events.file()))
                    .containsExactly(event(0, "version brain.Event:2"), event(41, "session 1"));
        }
    }

    @Test
    void whatNobodyCouldShowIsRefusedAndLeavesNothing() throws IOException {
        try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
            events.scalar("loss", 0, 1);
            long length = Files.size(events.file());
            assertThatThrownBy(() -> events.scalar("", 3, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("scalar of step 3: its tag is empty; it needs a name");
            assertThatThrownBy(() -> events.text(" ", 3, "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("text of step 3: its tag is empty; it needs a name");
            assertThatThrownBy(() -> events.scalar("a\ud800", 3, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "scalar of step 3: its tag has half of a surrogate pair, which is no letter: 'a\ud800'; take"
                                    + " it out");
            assertThatThrownBy(() -> events.scalar("x", -1, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("scalar 'x' of step -1: steps are counted from 0");
            assertThatThrownBy(() -> events.text("loss", 3, "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "text 'loss' of step 3: the tag is that of a scalar, and TensorBoard shows one kind under it;"
                                    + " choose another");
            assertThatThrownBy(() -> events.histogram("w", 3, NDArray.of(new double[] {1, 2, Double.NaN})))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("histogram 'w', f64 (3): element 2 is NaN, and buckets hold finite numbers;"
                            + " leave it out, or look for what made it");
            assertThatThrownBy(() -> events.histogram("w", 3, NDArray.of(Float.NEGATIVE_INFINITY)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("histogram 'w', f32 (): element 0 is -Infinity, and");
            assertThat(Files.size(events.file())).isEqualTo(length);
            events.scalar("w", 3, 1);
        }
        assertThatThrownBy(() -> EventFile.create(folder.resolve("b"), -2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("create an event file in " + folder.resolve("b") + " of step -2: steps are counted from 0");
        assertThat(folder.resolve("b")).doesNotExist();
    }

    @Test
    void hyperparametersAreWrittenOnce() throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("rate", 0.1F);
        values.put("units", 1L << 40);
        values.put("cell", "gru");
        values.put("on", true);
        values.put("off", false);
        try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
            assertThatThrownBy(() -> events.hyperparameters(Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("hyperparameters: there are none; give at least one, by name");
            assertThatThrownBy(() -> events.hyperparameters(Map.of("", 3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("hyperparameters: the name of 3 is empty; it needs one");
            assertThatThrownBy(() -> events.hyperparameters(Map.of("x", Double.NaN)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "hyperparameter 'x' is NaN, java.lang.Double: finite numbers, truth values and texts can be"
                                    + " shown; give its toString()");
            assertThatThrownBy(() -> events.hyperparameters(Map.of("\udc00", 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "hyperparameters: a name has half of a surrogate pair, which is no letter: '\udc00'; take it"
                                    + " out");
            assertThatThrownBy(() -> EventFile.requireHyperparameters(Map.of("x", "\udc00")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("hyperparameters: the text of 'x' has half of a surrogate pair, which is no letter:"
                            + " '\udc00'; take it out");
            assertThatThrownBy(() -> events.hyperparameters(Map.of("x", List.of(1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("hyperparameter 'x' is [1], java.util.");
            events.hyperparameters(values);
            assertThatThrownBy(() -> events.hyperparameters(values))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("hyperparameters: " + events.file() + " has them already; they are written once");
            assertThat(told(events))
                    .containsExactly(event(
                            0,
                            "tensor _hparams_/session_start_info = type 1 of an axis for hparams rate=" + (double) 0.1F
                                    + " units=1.099511627776E12 cell='gru' on=yes off=no, class 2"));
        }
    }

    @Test
    void aClosedFileIsWrittenNoMore() throws IOException {
        EventFile events = EventFile.create(folder, 0, CLOCK);
        events.close();
        events.close();
        assertThatThrownBy(() -> events.scalar("x", 0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("scalar 'x': " + events.file() + " is closed; create another in the same folder");
        assertThat(told(events)).isEmpty();
    }

    /** Writes to a file half of what it is given, of the one after so many. */
    private static OutputStream failing(Path file, int whole) throws IOException {
        OutputStream disk = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
        return new OutputStream() {
            private int left = whole;

            @Override
            public void write(int each) {
                throw new AssertionError("one by one");
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                if (left-- == 0) {
                    disk.write(bytes, from, count / 2);
                    throw new IOException("No space left on device");
                }
                disk.write(bytes, from, count);
            }

            @Override
            public void close() throws IOException {
                disk.close();
            }
        };
    }

    @Test
    void aDiskThatFailsLeavesWholeEventsAndMayGoOn() throws IOException {
        Path file = folder.resolve("events");
        try (EventFile events = EventFile.begin(file, failing(file, 4), 0, CLOCK)) {
            events.scalar("x", 0, 1);
            events.scalar("x", 1, 2);
            assertThatThrownBy(() -> events.scalar("x", 2, 3))
                    .isInstanceOf(IOException.class)
                    .hasMessage("write to " + file + ": No space left on device; it ends with the event before");
            assertThat(told(events)).containsExactly(event(0, "scalar x = 1.0"), event(1, "scalar x = 2.0"));
            events.scalar("x", 3, 4);
            assertThat(told(events))
                    .containsExactly(
                            event(0, "scalar x = 1.0"), event(1, "scalar x = 2.0"), event(3, "scalar x = 4.0"));
        }
    }

    @Test
    void aFileThatCouldNotBeginIsClosed() throws IOException {
        Path file = folder.resolve("events");
        assertThatThrownBy(() -> EventFile.begin(file, failing(file, 1), 0, CLOCK))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("write to " + file + ": No space left on device");
        assertThat(EventRecords.events(file)).containsExactly(event(0, "version brain.Event:2"));
    }

    /** The file is gone, so that half a record cannot be taken back. */
    @Test
    void nothingIsWrittenAfterHalfARecord() throws IOException {
        ByteArrayOutputStream disk = new ByteArrayOutputStream();
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int each) throws IOException {
                if (disk.size() == 100) {
                    throw new IOException("gone");
                }
                disk.write(each);
            }
        };
        try (EventFile events = EventFile.begin(folder.resolve("nowhere"), failing, 0, CLOCK)) {
            assertThatThrownBy(() -> events.scalar("x", 0, 1))
                    .isInstanceOf(IOException.class)
                    .cause()
                    .satisfies(error -> assertThat(error.getSuppressed()).hasSize(1));
            assertThatThrownBy(() -> events.scalar("x", 0, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is closed");
        }
    }

    @Test
    void anInterruptStopsNothingAndStays() throws IOException {
        try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
            Thread.currentThread().interrupt();
            events.scalar("x", 0, 1);
            assertThat(Thread.interrupted()).isTrue();
            events.scalar("x", 1, 1);
            assertThat(told(events)).hasSize(2);
        }
    }

    @Test
    void eventsOfSeveralThreadsComeOutWhole() throws Exception {
        try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(name -> Thread.ofPlatform().start(() -> {
                        for (int step = 0; step < 250; step++) {
                            try {
                                events.scalar("thread " + name, step, step);
                            } catch (IOException error) {
                                throw new AssertionError(error);
                            }
                        }
                    }))
                    .toList();
            for (Thread each : threads) {
                each.join();
            }
            List<EventRecords.Event> all = told(events);
            assertThat(all).hasSize(1000);
            for (int name = 0; name < 4; name++) {
                String start = "scalar thread " + name + " = ";
                assertThat(all.stream().filter(each -> each.told().startsWith(start)))
                        .containsExactlyElementsOf(Stream.iterate(0, step -> step + 1)
                                .limit(250)
                                .map(step -> event(step, start + (float) step))
                                .toList());
            }
        }
    }
}
