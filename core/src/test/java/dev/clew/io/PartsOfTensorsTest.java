package dev.clew.io;

import static dev.clew.io.Recipe.file;
import static dev.clew.io.Recipe.tensor;
import static dev.clew.testing.Says.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors that are mapped, and rows of them. */
final class PartsOfTensorsTest {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @TempDir
    private Path folder;

    private Safetensors open(byte[] bytes) throws IOException {
        return Safetensors.open(Files.write(folder.resolve("file"), bytes));
    }

    /** A file of one tensor of zeros, which takes no room on most disks. */
    private Safetensors zeros(String dtype, String shape, long bytes) throws IOException {
        Path file = folder.resolve("zeros");
        byte[] header = tensor(dtype, shape, "0," + bytes).getBytes(UTF_8);
        try (RandomAccessFile all = new RandomAccessFile(file.toFile(), "rw")) {
            all.write(file(header, new byte[0]));
            all.setLength(8 + header.length + bytes);
        }
        return Safetensors.open(file);
    }

    private static void cutOff(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    // --------------------------------------------------------------------------------------------------------- mapped

    @Test
    void theBytesOfATensorAreMappedWhereverTheyLie() throws IOException {
        for (int blanks = 0; blanks < 8; blanks++) {
            String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[1,13]},"
                    + "\"truth\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[0,1]},"
                    + "\"none\":{\"dtype\":\"F64\",\"shape\":[0],\"data_offsets\":[13,13]},"
                    + "\"short\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[13,15]}}";
            byte[] bytes = file(header + " ".repeat(blanks), "01 0000803f 000000c0 ffff7f7f 38 b8");
            try (Safetensors open = open(bytes)) {
                MemorySegment mapped = open.map("x");
                assertThat(mapped.byteSize()).isEqualTo(12);
                assertThat(mapped.isMapped()).isTrue();
                assertThat(mapped.isReadOnly()).isTrue();
                assertThat(mapped.getAtIndex(F32, 0)).isEqualTo(1);
                assertThat(mapped.getAtIndex(F32, 1)).isEqualTo(-2);
                assertThat(mapped.getAtIndex(F32, 2)).isEqualTo(Float.MAX_VALUE);
                assertThat(NDArray.of(DType.F32, Shape.of(1, 2), mapped.asSlice(4, 8)))
                        .isEqualTo(NDArray.of(new float[][] {{-2, Float.MAX_VALUE}}));
                assertThat(open.map("none").byteSize()).isZero();
                assertThat(open.map("short").toArray(ValueLayout.JAVA_BYTE)).containsExactly(0x38, 0xb8);
            }
        }
    }

    @Test
    void whatIsMappedStaysWhenTheFileIsClosedAndReplaced() throws IOException {
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of("x", NDArray.of(new float[] {1, 2})), Map.of());
        MemorySegment mapped;
        try (Safetensors open = Safetensors.open(file)) {
            mapped = open.map("x");
            Safetensors.write(file, Map.of("x", NDArray.of(new float[] {3})), Map.of());
            assertThat(open.read("x")).isEqualTo(NDArray.of(new float[] {1, 2}));
        }
        assertThat(mapped.getAtIndex(F32, 1)).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIsNotMapped() throws IOException {
        Path file = folder.resolve("file");
        Safetensors open = open(file(tensor("I32", "2", "0,8"), "01000000 02000000"));
        says("map 'y' of " + file + ": there is no tensor of that name. The names are [x]", () -> open.map("y"));
        long length = Files.size(file) - 1;
        cutOff(file, length);
        assertThatThrownBy(() -> open.map("x"))
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + file + ": it ends at byte " + length
                        + " while it is read; another program has cut it off; files are replaced by renaming");
        open.close();
        assertThatThrownBy(() -> open.map("x")).isInstanceOf(ClosedChannelException.class);
    }

    /** 64 MB, of which none is copied to the heap. */
    @Test
    void readingWhatIsMappedAllocatesNoHeap() throws IOException {
        long count = 1 << 24;
        try (Safetensors open = zeros("F32", Long.toString(count), 4 * count)) {
            long before = Allocated.bytes();
            MemorySegment mapped = open.map("x");
            double sum = 0;
            for (long i = 0; i < count; i++) {
                sum += mapped.getAtIndex(F32, i);
            }
            assertThat(Allocated.bytes() - before).isLessThan(1 << 20);
            assertThat(sum).isZero();
        }
    }

    @Test
    void moreThanABufferHoldsIsMapped() throws IOException {
        try (Safetensors open = zeros("U8", "3000000000", 3_000_000_000L)) {
            MemorySegment mapped = open.map("x");
            assertThat(mapped.byteSize()).isEqualTo(3_000_000_000L);
            assertThat(mapped.get(ValueLayout.JAVA_BYTE, 2_999_999_999L)).isZero();
            assertThat(open.readRows("x", 2_999_999_998L, 3_000_000_000L)).isEqualTo(NDArray.of(new int[] {0, 0}));
        }
    }

    // ----------------------------------------------------------------------------------------------------------- rows

    @Test
    void rowsAreReadAlone() throws IOException {
        try (Safetensors open = open(file(tensor("BF16", "3,1,2", "0,12"), "803f 0040 4040 8040 a040 c040"))) {
            assertThat(open.readRows("x", 0, 3)).isEqualTo(open.read("x"));
            assertThat(open.readRows("x", 1, 3)).isEqualTo(NDArray.of(Shape.of(2, 1, 2), 3f, 4f, 5f, 6f));
            assertThat(open.readRows("x", 2, 2).shape()).isEqualTo(Shape.of(0, 1, 2));
            cutOff(folder.resolve("file"), Files.size(folder.resolve("file")) - 4);
            assertThat(open.readRows("x", 0, 2)).isEqualTo(NDArray.of(Shape.of(2, 1, 2), 1f, 2f, 3f, 4f));
            assertThatThrownBy(() -> open.readRows("x", 2, 3)).isExactlyInstanceOf(UnreadableFileException.class);
        }
        try (Safetensors open = open(file(tensor("F64", "0,3", "0,0"), ""))) {
            assertThat(open.readRows("x", 0, 0).shape()).isEqualTo(Shape.of(0, 3));
        }
    }

    /** As many rows as are not decoded at once. */
    @Test
    void manyRowsAreReadInParts() throws IOException {
        int[] numbers = new int[300_000];
        Arrays.setAll(numbers, i -> i * 1_000_003);
        NDArray all = NDArray.of(numbers).reshape(Shape.of(1000, 300));
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of("x", all), Map.of(), Map.of("x", ElementType.I64));
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.readRows("x", 17, 990)).isEqualTo(all.rows(17, 990));
        }
    }

    @Test
    void anElementThatDoesNotFitIsCountedFromTheFirstOfTheTensor() throws IOException {
        byte[] bytes =
                file(tensor("I64", "3,2", "0,48"), "0000000000000000".repeat(4) + "01000000000000000000000001000000");
        try (Safetensors open = open(bytes)) {
            assertThat(open.readRows("x", 0, 2)).isEqualTo(NDArray.of(new int[2][2]));
            assertThatThrownBy(() -> open.readRows("x", 1, 3))
                    .isExactlyInstanceOf(UnreadableFileException.class)
                    .hasMessage("read " + folder.resolve("file") + ": element 5 of 'x', I64 (3, 2), is 4294967296;"
                            + " arrays of whole numbers are i32, which it does not fit");
        }
    }

    @Test
    void rowsThatAreNotThereAreRefused() throws IOException {
        Path file = folder.resolve("file");
        try (Safetensors open = open(file(tensor("F32", "2,1", "0,8"), "00".repeat(8)))) {
            for (long[] bad : new long[][] {{-1, 1}, {0, 3}, {2, 1}, {0, Long.MAX_VALUE}}) {
                says(
                        "readRows(" + bad[0] + ", " + bad[1] + ") of 'x', F32 (2, 1), in " + file
                                + ": need 0 ≤ from ≤ to ≤ its first length",
                        () -> open.readRows("x", bad[0], bad[1]));
            }
            says(
                    "readRows 'y' of " + file + ": there is no tensor of that name. The names are [x]",
                    () -> open.readRows("y", 0, 1));
        }
        try (Safetensors open = open(file(tensor("F32", "", "0,4"), "00".repeat(4)))) {
            says(
                    "readRows(0, 1) of 'x', F32 (), in " + file + ": need 0 ≤ from ≤ to ≤ its first length; a single"
                            + " number has no rows, read it whole",
                    () -> open.readRows("x", 0, 1));
        }
        try (Safetensors open = open(file(tensor("F4", "2,2", "0,2"), "0000"))) {
            assertThatThrownBy(() -> open.readRows("x", 0, 1))
                    .isExactlyInstanceOf(UnreadableFileException.class)
                    .hasMessage("read " + file + ": 'x' is F4 (2, 2); there is no type of arrays that holds F4");
        }
    }
}
