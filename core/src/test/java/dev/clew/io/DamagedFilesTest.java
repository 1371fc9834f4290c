package dev.clew.io;

import static dev.clew.io.Recipe.file;
import static dev.clew.io.Recipe.refused;
import static dev.clew.io.Recipe.tensor;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.primitives.Bytes;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes are, a file is read or refused with the reason: nothing else happens. */
final class DamagedFilesTest {
    private static final byte[] SMALL = small();
    /** So many bytes at its end are numbers. */
    private static final int SMALL_DATA = 17;
    /** What may be allocated while a file is refused. */
    private static final long MOST_BYTES = 16L << 20;

    @TempDir
    private Path folder;

    private static Path forProperties = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        forProperties = Files.createTempDirectory("damaged");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        Files.deleteIfExists(forProperties.resolve("file"));
        Files.deleteIfExists(forProperties.resolve("index.json"));
        Files.deleteIfExists(forProperties);
    }

    private static byte[] small() {
        return file(
                "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"U64\",\"shape\":[],\"data_offsets\":[8,16]},"
                        + "\"c\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[16,17]}}  ",
                "0000803f 00000040 0300000000000000 01");
    }

    /** What was read; nothing if it was refused. */
    private static Map<String, NDArray> readOrRefused(Path folder, byte[] bytes) throws IOException {
        return readOrRefused(Files.write(folder.resolve("file"), bytes));
    }

    private static Map<String, NDArray> readOrRefused(Path file) {
        Map<String, NDArray> read = new LinkedHashMap<>();
        Throwable error = catchThrowable(() -> {
            try (Safetensors open = Safetensors.open(file)) {
                read.putAll(open.readAll());
            }
        });
        if (error != null) {
            assertThat(error).isExactlyInstanceOf(UnreadableFileException.class);
            assertThat(error.getMessage())
                    .startsWith("read " + file + ": ")
                    .hasSizeLessThan(1000)
                    .doesNotContainPattern("\\p{Cntrl}");
        }
        return read;
    }

    // ------------------------------------------------------------------------------------------------------- mutations

    @Test
    void everyTruncationIsRefused() throws IOException {
        assertThat(readOrRefused(folder, SMALL)).hasSize(3);
        for (int length = 0; length < SMALL.length; length++) {
            assertThat(readOrRefused(folder, Arrays.copyOf(SMALL, length)))
                    .as("%d bytes", length)
                    .isEmpty();
        }
        assertThat(readOrRefused(folder, Arrays.copyOf(SMALL, SMALL.length + 1)))
                .isEmpty();
    }

    /** What a changed file still says is content that a file can have: three arrays, of as many bytes. */
    @Test
    void everyChangeOfAByteGivesContentOrIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("file"), SMALL);
        int refused = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int at = 0; at < SMALL.length; at++) {
                for (int value = 0; value < 256; value += at < 8 ? 1 : 13) {
                    channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), at);
                    int read = readOrRefused(file).size();
                    refused += read == 0 ? 1 : 0;
                    assertThat(read).isIn(0, 3);
                }
                channel.write(ByteBuffer.wrap(SMALL, at, 1), at);
            }
        }
        assertThat(refused).isGreaterThan(10 * SMALL.length);
    }

    /** What is done to a file: at some place, with some number. */
    record Mutation(Way way, int at, int with) {}

    enum Way {
        FLIP_A_BIT,
        SET_A_BYTE,
        PUT_A_SIGN,
        CHANGE_A_NUMBER,
        CUT_OFF,
        TAKE_OUT,
        REPEAT
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        return Combinators.combine(Arbitraries.of(Way.class), Arbitraries.integers(), Arbitraries.integers())
                .as(Mutation::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    private static byte[] changed(byte[] bytes, Mutation by) {
        if (bytes.length == 0) {
            return bytes;
        }
        byte[] result = bytes.clone();
        int at = Math.floorMod(by.at(), bytes.length);
        int to = at + Math.floorMod(by.with(), Math.min(bytes.length - at, 40)) + 1;
        String signs = "{}[]\",:0123456789-+eE.\\u \tnulltruefalse";
        switch (by.way()) {
            case FLIP_A_BIT -> result[at] ^= (byte) (1 << (by.with() & 7));
            case SET_A_BYTE -> result[at] = (byte) by.with();
            case PUT_A_SIGN -> result[at] = (byte) signs.charAt(Math.floorMod(by.with(), signs.length()));
            case CHANGE_A_NUMBER -> result = withNumber(bytes, at, by.with());
            case CUT_OFF -> result = Arrays.copyOf(bytes, at);
            case TAKE_OUT ->
                result = Bytes.concat(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
            case REPEAT -> result = Bytes.concat(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
        }
        return result;
    }

    /** The first number in digits after a place becomes another, small or of any size. */
    private static byte[] withNumber(byte[] bytes, int at, int with) {
        String text = new String(bytes, ISO_8859_1);
        Matcher number = Pattern.compile("[0-9]+").matcher(text);
        if (!number.find(at)) {
            return bytes;
        }
        String other = switch (with & 3) {
            case 0 -> String.valueOf((with >>> 2) % 20);
            case 1 -> String.valueOf(with);
            case 2 -> String.valueOf(Long.MAX_VALUE >>> (with >>> 2) % 64);
            default -> BigInteger.valueOf(with).pow(3).toString();
        };
        return (text.substring(0, number.start()) + other + text.substring(number.end())).getBytes(ISO_8859_1);
    }

    /** The header and the data change one by one, and the length of the header fits, lest that alone be looked at; or all as one. */
    @Property(tries = 5_000) // 100 000 in the long run, which multiplies by 20.
    void aFileThatWasChangedIsReadOrRefused(
            @ForAll("mutations") List<Mutation> mutations, @ForAll @IntRange(max = 9) int whole) throws IOException {
        byte[] header = Arrays.copyOfRange(SMALL, 8, SMALL.length - SMALL_DATA);
        byte[] data = Arrays.copyOfRange(SMALL, SMALL.length - SMALL_DATA, SMALL.length);
        byte[] bytes = SMALL;
        for (Mutation each : mutations) {
            bytes = changed(bytes, each);
            if (each.way() == Way.CHANGE_A_NUMBER || (each.at() & 7) != 0) {
                header = changed(header, each);
            } else {
                data = changed(data, each);
            }
        }
        Map<String, NDArray> read = readOrRefused(forProperties, whole == 0 ? bytes : file(header, data));
        Statistics.collect(read.isEmpty() ? "refused" : "read");
        Statistics.coverage(all -> all.check("read").percentage(percent -> percent > 1 && percent < 50));
    }

    private static final String INDEX = "{\"metadata\":{\"total_size\":17,\"by\":\"hand\"},"
            + "\"weight_map\":{\"a\":\"file\",\"b\":\"file\",\"c\":\"file\"},\"more\":[1,true,null]}";

    @Property(tries = 1_000)
    void anIndexThatWasChangedIsReadOrRefused(@ForAll("mutations") List<Mutation> mutations) throws IOException {
        Files.write(forProperties.resolve("file"), SMALL);
        byte[] index = INDEX.getBytes(ISO_8859_1);
        for (Mutation each : mutations) {
            index = changed(index, each);
        }
        int read = readOrRefused(Files.write(forProperties.resolve("index.json"), index))
                .size();
        assertThat(read).isIn(0, 3);
        Statistics.collect(read == 0 ? "refused" : "read");
        Statistics.coverage(all -> all.check("read").percentage(percent -> percent > 1 && percent < 50));
    }

    // -------------------------------------------------------------------------------------------------- kinds of wrong

    @TestFactory
    Stream<DynamicTest> eachKindIsRefusedWithItsMessageAndLittleMemory() {
        return MalformedSafetensors.all().stream()
                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> {
                    byte[] bytes = kind.bytes();
                    long before = Allocated.bytes();
                    refused(folder, bytes, kind.because());
                    assertThat(Allocated.bytes() - before).isLessThan(MOST_BYTES);
                }));
    }

    @Test
    void noTwoKindsHaveOneMessage() {
        assertThat(MalformedSafetensors.all())
                .hasSizeGreaterThan(70)
                .extracting(MalformedSafetensors.Kind::because)
                .doesNotHaveDuplicates();
    }

    /** As long as a header may be, and wrong at its very end: what is read of it is not kept. */
    @Test
    void aLongHeaderThatIsWrongTakesLittleMemory() throws IOException {
        byte[] header = new byte[20_000_000];
        Arrays.fill(header, (byte) ' ');
        header[0] = '{';
        header[header.length - 1] = ']';
        Path file = Files.write(folder.resolve("long"), file(header, new byte[0]));
        long before = Allocated.bytes();
        assertThat(readOrRefused(file)).isEmpty();
        assertThat(Allocated.bytes() - before).isLessThan(MOST_BYTES);
    }

    @Test
    void longHeadersAreRefusedBriefly() throws IOException {
        String many = "1,".repeat(100_000) + "1";
        String name = "y".repeat(100_000);
        for (String header : List.of(
                tensor("I8", many, "0,2"),
                tensor("I8", "1", many),
                tensor(name, "1", "0,1"),
                tensor("I8", "1".repeat(100_000), "0,1"),
                "{\"" + name + "\":1}",
                "{\"" + name + "\":{]",
                "{\"" + name)) {
            assertThat(readOrRefused(folder, file(header, "00"))).isEmpty(); // It looks at the length of the message.
        }
        // A letter is cut in two where the header ends.
        refused(
                folder,
                file(new byte[] {'{', '}', (byte) 0xc3}, new byte[0]),
                "its header is not UTF-8; it must be JSON in UTF-8");
    }

    /** Header bombs of the reference's own tests: many tensors of no bytes, and of huge shapes. */
    @Test
    void manyTensorsOfNoBytesAreRead() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 5_000; i++) {
            header.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(i)
                    .append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        assertThat(readOrRefused(folder, file(header + "}", ""))).hasSize(5_000);
    }
}
