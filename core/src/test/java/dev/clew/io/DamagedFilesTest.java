package dev.clew.io;

import static dev.clew.io.Recipe.file;
import static dev.clew.io.Recipe.refused;
import static dev.clew.io.Recipe.tensor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes are, a file is read or refused with the reason: nothing else happens. */
final class DamagedFilesTest {
    private static final byte[] SMALL = small();

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
            assertThat(error.getMessage()).startsWith("read " + file + ": ").hasSizeLessThan(1000);
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

    @Property(tries = 300)
    void anyBytesAreReadOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = SMALL.clone();
        if (random.nextInt(8) == 0) {
            random.nextBytes(bytes);
            // Otherwise the length of the header alone would be wrong.
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(random.nextInt(bytes.length));
        }
        String parts = "{}[]\",:0123456789-+eE.\\u \tnulltruefalse";
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = 8 + random.nextInt(bytes.length - 8);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) parts.charAt(random.nextInt(parts.length()));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = bytes[8 + random.nextInt(bytes.length - 8)];
                default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        readOrRefused(forProperties, bytes);
    }

    // ------------------------------------------------------------------------------------------------------ the length

    @Test
    void theLengthOfTheHeaderIsCheckedBeforeAnythingIsAllocated() throws IOException {
        refused(folder, new byte[7], "it has 7 bytes; a safetensors file begins with the length of its header, in 8");
        refused(
                folder,
                claiming(100_000_000),
                "its header would have 100000000 bytes, but the file has 10; it is cut off, or no safetensors file");
        refused(
                folder,
                claiming(100_000_001),
                "its header would have 100000001 bytes; the most is 100000000; is it a safetensors file?");
        refused(
                folder,
                claiming(-1),
                "its header would have 18446744073709551615 bytes; the most is 100000000; is it a safetensors file?");
        refused(folder, claiming(0), "its header does not begin with '{'; a safetensors file has a JSON object there");
    }

    private static byte[] claiming(long length) {
        return ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put("{}".getBytes(UTF_8))
                .array();
    }

    @Test
    void sizesAreCheckedBeforeAnythingIsAllocated() throws IOException {
        refused(
                folder,
                file(tensor("F32", "500000000", "0,2000000000"), "00"),
                "its tensors have 2000000000 bytes, but 1 follow the header; it is cut off");
        refused(
                folder,
                file(tensor("F32", "1099511627776,1099511627776", "0,8"), "00".repeat(8)),
                "'x' has shape (1099511627776, 1099511627776); that many bits cannot be counted in 63");
        // As many as 2⁶⁴ bits would be none if they overflowed.
        refused(
                folder,
                file(tensor("F64", "4611686018427387904,4", "0,0"), ""),
                "'x' has shape (4611686018427387904, 4); that many bits cannot be counted in 63");
        refused(folder, file(tensor("F32", "2", "0,4"), "00".repeat(4)), "'x', F32 (2), has 4 bytes; it needs 8");
    }

    // --------------------------------------------------------------------------------------------------------- offsets

    private static String two(String first, String second) {
        return "{\"a\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[" + first
                + "]},\"b\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[" + second + "]}}";
    }

    @Test
    void tensorsFollowOneAnother() throws IOException {
        String rule = ", where the one before ends, and not end before it begins";
        assertThat(readOrRefused(folder, file(two("2,4", "0,2"), "01020304"))).hasSize(2);
        refused(folder, file(two("0,2", "3,5"), "0102030405"), "'b' lies from 3 to 5; it must begin at 2" + rule);
        refused(folder, file(two("0,2", "1,3"), "010203"), "'b' lies from 1 to 3; it must begin at 2" + rule);
        refused(folder, file(two("0,2", "0,2"), "0102"), "'b' lies from 0 to 2; it must begin at 2" + rule);
        refused(folder, file(two("1,3", "3,5"), "0102030405"), "'a' lies from 1 to 3; it must begin at 0" + rule);
        refused(folder, file(two("0,2", "2,0"), "0102"), "'b' lies from 2 to 0; it must begin at 2" + rule);
        refused(
                folder,
                file(two("0,2", "2,4"), "0102030405"),
                "its tensors have 4 bytes, but 5 follow the header; nothing may follow the last tensor");
        refused(
                folder,
                file(tensor("I8", "2", "0,9223372036854775807"), "0102"),
                "'x', I8 (2), has 9223372036854775807 bytes; it needs 2");
    }

    // ------------------------------------------------------------------------------------------------------------ JSON

    @Test
    void namesThatAreThereTwiceAreRefused() throws IOException {
        String x = "{\"dtype\":\"I8\",\"shape\":[],\"data_offsets\":[0,1]}";
        String rule = " is there twice; names must differ, for readers keep either of two";
        refused(folder, file("{\"x\":" + x + ",\"\\u0078\":" + x + "}", "01"), "'x'" + rule);
        refused(folder, file("{\"__metadata__\":{},\"__metadata__\":{}}", ""), "'__metadata__'" + rule);
        refused(folder, file("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", ""), "'a'" + rule);
        refused(
                folder,
                file("{\"x\":{\"dtype\":\"I8\",\"shape\":[],\"shape\":[],\"data_offsets\":[0,1]}}", "01"),
                "'shape'" + rule);
    }

    @Test
    void numbersAreWholeAndPlain() throws IOException {
        for (String bad : new String[] {"1.0", "1e0", "-1", "-0", "10000000000000000000", "9223372036854775808"}) {
            refused(
                    folder,
                    file(tensor("I8", bad, "0,1"), "01"),
                    "shape of 'x' has '" + bad + "'; numbers are whole, written in digits alone, and below 2⁶³");
        }
        for (String bad : new String[] {"01", "0x1", "+1", "NaN", ".1", "1.", "'1'", "1".repeat(5000)}) {
            assertThat(readOrRefused(folder, file(tensor("I8", bad, "0,1"), "01")))
                    .as(bad)
                    .isEmpty();
        }
        refused(
                folder,
                file(tensor("I8", "\"1\"", "0,1"), "01"),
                "shape of 'x' is or has a STRING of JSON; it must be NUMBER");
        refused(
                folder,
                file(tensor("I8", "null", "0,1"), "01"),
                "shape of 'x' is or has a NULL of JSON; it must be NUMBER");
    }

    @Test
    void fieldsAreThoseOfTheFormat() throws IOException {
        String rule = "; a tensor has dtype, shape and data_offsets";
        refused(folder, file("{\"x\":{\"dtype\":\"I8\",\"scale\":2}}", ""), "'x' has the field 'scale'" + rule);
        refused(
                folder,
                file("{\"x\":{\"dtype\":\"I8\",\"shape\":[0]}}", ""),
                "'x' has the fields [dtype, shape]" + rule);
        refused(folder, file(tensor("I8", "0", "0,0,0"), ""), "'x' has 3 data_offsets; they are two: begin and end");
        refused(
                folder,
                file(tensor("f32", "0", "0,0"), ""),
                "dtype of 'x' is 'f32'; the types are [BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0,"
                        + " F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64]");
        refused(
                folder,
                file("{\"__metadata__\":{\"a\":1}}", ""),
                "__metadata__ of 'a' is or has a NUMBER of JSON; it must be STRING");
        refused(folder, file("{\"x\":3}", ""), "'x' is or has a NUMBER of JSON; it must be BEGIN_OBJECT");
        refused(
                folder,
                file("{\"__metadata__\":null}", ""),
                "__metadata__ is or has a NULL of JSON; it must be BEGIN_OBJECT");
    }

    @Test
    void theHeaderIsStrictJson() throws IOException {
        for (String bad : new String[] {
            "{",
            "{}{}",
            "{} x",
            "{}\0",
            "{\"a\"}",
            "{a:1}",
            "{'a':1}",
            "{\"a\":1,}",
            "{,}",
            "{/**/}",
            "{}#",
            "[]",
            " {}",
            "\ufeff{}",
            "{\"a\\u12\":1}",
            "{\"a\\uzzzz\":1}",
            "{\"a\\x\":1}",
            "{\"a\nb\":1}",
            "{\"a\";1}",
            "{\"a\"=1}",
            "{\"__metadata__\":{\"a\":\"\t\"}}",
            "{\"__metadata__\":{\"a\":tRue}}",
            "{\"__metadata__\":{\"a\":\"b}}"
        }) {
            byte[] header = bad.getBytes(UTF_8);
            assertThat(catchThrowable(() -> refused(folder, file(header, new byte[0]), "?")))
                    .as(bad)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("UnreadableFileException");
        }
        refused(folder, file("{\"a\":{]}", ""), "its header is no JSON at '$.a.'; it must be JSON");
        refused(
                folder,
                file("{\"__metadata__\":{\"\\ud800\":\"\"}}", ""),
                "its header is no JSON at '$.__metadata__.'; it must be JSON");
        refused(
                folder,
                file(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', '}'}, new byte[0]),
                "its header is not UTF-8; it must be JSON in UTF-8");
    }

    @Test
    void deepAndLongHeadersAreRefusedQuicklyAndBriefly() throws IOException {
        String deep = "{\"x\":".repeat(100_000);
        refused(folder, file(deep, ""), "'x' has the field 'x'; a tensor has dtype, shape and data_offsets");
        String many = "1,".repeat(100_000) + "1";
        assertThat(readOrRefused(folder, file(tensor("I8", many, "0,2"), "0000")))
                .isEmpty();
        assertThat(readOrRefused(folder, file(tensor("I8", "1", many), "00"))).isEmpty();
        assertThat(readOrRefused(folder, file("{\"x\":" + "[".repeat(100_000), "")))
                .isEmpty();
        assertThat(readOrRefused(folder, file("{\"" + "y".repeat(100_000) + "\":1}", "")))
                .isEmpty();
        assertThat(readOrRefused(folder, file("{\"" + "y".repeat(100_000) + "\":{]", "")))
                .isEmpty();
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
