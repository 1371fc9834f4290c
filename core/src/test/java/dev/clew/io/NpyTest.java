package dev.clew.io;

import static dev.clew.io.NpyRecipe.header;
import static dev.clew.io.NpyRecipe.npy;
import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The format of one array, against files put together by hand. */
final class NpyTest {
    @TempDir
    private Path folder;

    private NDArray read(byte[] bytes) throws IOException {
        return Npy.read(Files.write(folder.resolve("file.npy"), bytes));
    }

    private NDArray readVector(String descr, String hex) throws IOException {
        int bytes = Integer.parseInt(descr.substring(descr.length() - 1));
        int count = hex.replace(" ", "").length() / 2 / bytes;
        return read(npy(header(descr, "(" + count + ",)"), hex));
    }

    // -------------------------------------------------------------------------------------------------------- reading

    @Test
    void typesThatArraysHaveAreReadAsTheyAre() throws IOException {
        assertThat(readVector("<f8", "000000000000f03f 00000000000000c0")).isEqualTo(NDArray.of(new double[] {1, -2}));
        assertThat(readVector("<f4", "0000c03f 00000080")).isEqualTo(NDArray.of(new float[] {1.5f, -0f}));
        assertThat(readVector("<i4", "01000000 feffffff")).isEqualTo(NDArray.of(new int[] {1, -2}));
        assertThat(readVector("|b1", "00 01")).isEqualTo(NDArray.of(new boolean[] {false, true}));
    }

    @Test
    void bigEndianIsTurnedAround() throws IOException {
        assertThat(readVector(">f8", "3ff0000000000000 c000000000000000")).isEqualTo(NDArray.of(new double[] {1, -2}));
        assertThat(readVector(">f4", "3fc00000 80000000")).isEqualTo(NDArray.of(new float[] {1.5f, -0f}));
        assertThat(readVector(">f2", "3c00 c000")).isEqualTo(NDArray.of(new float[] {1, -2}));
        assertThat(readVector(">i8", "0000000000000001 ffffffff80000000"))
                .isEqualTo(NDArray.of(new int[] {1, Integer.MIN_VALUE}));
        assertThat(readVector(">i4", "00000001 fffffffe")).isEqualTo(NDArray.of(new int[] {1, -2}));
        assertThat(readVector(">i2", "0001 fffe")).isEqualTo(NDArray.of(new int[] {1, -2}));
        assertThat(readVector(">u8", "000000007fffffff")).isEqualTo(NDArray.of(new int[] {Integer.MAX_VALUE}));
        assertThat(readVector(">u4", "00000001 7fffffff")).isEqualTo(NDArray.of(new int[] {1, Integer.MAX_VALUE}));
        assertThat(readVector(">u2", "0001 fffe")).isEqualTo(NDArray.of(new int[] {1, 65534}));
    }

    @Test
    void halfPrecisionBecomesSingleExactly() throws IOException {
        // 1, −2, the largest 65504, the smallest 2⁻²⁴, infinity, −0.
        assertThat(readVector("<f2", "003c 00c0 ff7b 0100 007c 0080"))
                .isEqualTo(NDArray.of(new float[] {1, -2, 65504, 0x1p-24f, Float.POSITIVE_INFINITY, -0f}));
    }

    @Test
    void wholeNumbersBecomeInt() throws IOException {
        assertThat(readVector("|u1", "00 7f ff")).isEqualTo(NDArray.of(new int[] {0, 127, 255}));
        assertThat(readVector("|i1", "00 7f ff")).isEqualTo(NDArray.of(new int[] {0, 127, -1}));
        assertThat(readVector("<u2", "0100 ffff")).isEqualTo(NDArray.of(new int[] {1, 65535}));
        assertThat(readVector("<i2", "0100 ffff")).isEqualTo(NDArray.of(new int[] {1, -1}));
        assertThat(readVector("<u4", "01000000 ffffff7f")).isEqualTo(NDArray.of(new int[] {1, Integer.MAX_VALUE}));
        assertThat(readVector("<i8", "ffffffffffffffff 00000080ffffffff"))
                .isEqualTo(NDArray.of(new int[] {-1, Integer.MIN_VALUE}));
        assertThat(readVector("<u8", "ffffff7f00000000")).isEqualTo(NDArray.of(new int[] {Integer.MAX_VALUE}));
    }

    /** Bytes of a type of one need no order, and NumPy takes any; without one it is the machine's. */
    @Test
    void ordersAreWrittenInSeveralWays() throws IOException {
        for (String order : new String[] {"<", ">", "|", "=", ""}) {
            assertThat(readVector(order + "i1", "01 ff")).isEqualTo(NDArray.of(new int[] {1, -1}));
            assertThat(readVector(order + "b1", "01")).isEqualTo(NDArray.of(new boolean[] {true}));
        }
        boolean isLittle = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
        for (String order : new String[] {"|", "=", ""}) {
            assertThat(readVector(order + "i2", "0102")).isEqualTo(NDArray.of(new int[] {isLittle ? 0x0201 : 0x0102}));
        }
    }

    @Test
    void theFirstIndexMayRunFastest() throws IOException {
        // Element (i, j) lies at i + 2 j.
        assertThat(read(npy(header("|u1", true, "(2, 3)"), "00 01 02 03 04 05")))
                .isEqualTo(NDArray.of(new int[][] {{0, 2, 4}, {1, 3, 5}}));
        assertThat(read(npy(header("|u1", true, "(2, 3)"), "00 01 02 03 04 05")).toInts())
                .containsExactly(0, 2, 4, 1, 3, 5);
        // Element (i, j, k) lies at i + 2 j + 2 k.
        assertThat(read(npy(header("|u1", true, "(2, 1, 2)"), "00 01 02 03")).toInts())
                .containsExactly(0, 2, 1, 3);
        assertThat(read(npy(header("|u1", true, "(3,)"), "00 01 02"))).isEqualTo(NDArray.of(new int[] {0, 1, 2}));
        assertThat(read(npy(header("|u1", true, "()"), "07"))).isEqualTo(NDArray.of(7));
        assertThat(read(npy(header("|u1", true, "(0, 3)"), "")).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(read(npy(header("|u1", true, "(2, 0, 3)"), "")).shape()).isEqualTo(Shape.of(2, 0, 3));
    }

    @Test
    void axesMayHaveAnyLengthThatArraysHave() throws IOException {
        assertThat(read(npy(header("<f8", "()"), "000000000000f03f"))).isEqualTo(NDArray.of(1.0));
        assertThat(read(npy(header("<f8", "(0,)"), ""))).isEqualTo(NDArray.of(new double[0]));
        assertThat(read(npy(header("<f8", "(2147483647, 0, 2147483647)"), "")).shape())
                .isEqualTo(Shape.of(Integer.MAX_VALUE, 0, Integer.MAX_VALUE));
        String ones = "(" + "1, ".repeat(64) + ")";
        assertThat(read(npy(header("|i1", true, ones), "05")).shape().rank()).isEqualTo(64);
    }

    @Test
    void headersOfEveryVersionAndWritingAreRead() throws IOException {
        NDArray expected = NDArray.of(new int[][] {{5, 6}});
        for (String header : new String[] {
            header("|i1", "(1, 2)"),
            "{\"shape\":(1,2),\"descr\":\"|i1\",\"fortran_order\":False}",
            " \t{ 'fortran_order' : False , 'shape' : ( 1 , 2 , ) , 'descr' : '|i1' , }\r\n\f \n",
            header("|i1", "(1, 2)") + " ".repeat(53) + "\n",
            header("|i1", "(1, 2)") + " ".repeat(9900),
        }) {
            for (int version = 1; version <= 3; version++) {
                assertThat(read(npy(version, header, "05 06"))).isEqualTo(expected);
            }
        }
        // As Python 2 writes it.
        assertThat(read(npy(1, header("|i1", "(1L, 2L)"), "05 06"))).isEqualTo(expected);
        assertThat(read(npy(2, header("|i1", "(1L, 2L,)"), "05 06"))).isEqualTo(expected);
    }

    @Test
    void aFileThatIsNotThereIsNoUnreadableFile() {
        assertThatThrownBy(() -> Npy.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    /** 3 GB of which the disk keeps the last few: no count of bytes fits an int. */
    @Test
    void sizesBeyondThoseOfIntsAreCounted() throws IOException {
        Path file = folder.resolve("large");
        byte[] header = npy(header("<f8", "(400000000,)"), "");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(header);
            sparse.setLength(header.length + 3_200_000_001L);
        }
        assertThatThrownBy(() -> Npy.read(file))
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessageEndingWith(
                        "the array, <f8 (400000000), has 3200000001 bytes after its header; it needs 3200000000;"
                                + " nothing may follow the last element");
    }

    // -------------------------------------------------------------------------------------------------------- writing

    /** What numpy.save of NumPy 2.4 writes of the same arrays: spaces to grow in, and elements at a multiple of 64. */
    private static byte[] ofNumPy(String descr, String shape, int spaces, String hex) {
        String header = header(descr, shape) + " ".repeat(spaces) + "\n";
        return npy(header, hex);
    }

    @Test
    void theBytesAreThoseOfNumPy() throws IOException {
        requireWritten(
                NDArray.of(new double[] {1, -2}), ofNumPy("<f8", "(2,)", 60, "000000000000f03f 00000000000000c0"));
        requireWritten(NDArray.of(1f), ofNumPy("<f4", "()", 62, "0000803f"));
        requireWritten(
                NDArray.of(new int[][] {{1, 3}, {2, 4}}).permute(1, 0),
                ofNumPy("<i4", "(2, 2)", 58, "01000000 02000000 03000000 04000000"));
        requireWritten(NDArray.of(new boolean[] {true, false}), ofNumPy("|b1", "(2,)", 60, "01 00"));
        requireWritten(NDArray.of(new double[0]).reshape(Shape.of(0, 3)), ofNumPy("<f8", "(0, 3)", 58, ""));
    }

    private void requireWritten(NDArray array, byte[] expected) throws IOException {
        assertThat(expected.length - array.shape().elements() * array.dtype().bytes())
                .isEqualTo(128);
        Path file = folder.resolve("written");
        Npy.write(file, array);
        assertThat(Files.readAllBytes(file))
                .asString(StandardCharsets.ISO_8859_1)
                .isEqualTo(new String(expected, StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Npy.write(Channels.newChannel(bytes), array);
        assertThat(bytes.toByteArray()).isEqualTo(expected);
        assertThat(Npy.read(file)).isEqualTo(array);
    }

    /** As long as those of numpy.save of NumPy 2.4: where nothing is missing to a multiple of 64, it adds 64 spaces. */
    @Test
    void headersOfEveryLengthAreAsLongAsThoseOfNumPy() throws IOException {
        for (int rank = 0; rank <= 64; rank++) {
            int[] lengths = new int[rank];
            Arrays.fill(lengths, 1);
            Path file = folder.resolve("rank");
            NDArray array = NDArray.of(7).reshape(Shape.of(lengths));
            Npy.write(file, array);
            byte[] bytes = Files.readAllBytes(file);
            assertThat(bytes.length - 4).isEqualTo(rank < 15 ? 128 : rank < 36 ? 192 : rank < 58 ? 256 : 320);
            assertThat(bytes[bytes.length - 5]).isEqualTo((byte) '\n');
            assertThat(Npy.read(file)).isEqualTo(array);
        }
    }

    @Test
    void whatIsWrittenInManyPartsIsReadAgain() throws IOException {
        Path file = folder.resolve("long");
        for (DType type : DType.values()) {
            NDArray array = NDArray.build(type, Shape.of(7, 50_021), (block, from, count) -> {
                for (int i = 0; i < count; i++) {
                    block[i] = (from + i) % 3 - 1;
                }
            });
            Npy.write(file, array);
            assertThat(Npy.read(file)).isEqualTo(array);
        }
    }

    /** A part that is read at once ends amid a column. */
    @Test
    void whatLiesByColumnsInManyPartsIsReadByRows() throws IOException {
        int rows = 1_001;
        int columns = 333;
        StringBuilder hex = new StringBuilder();
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                hex.append(HexFormat.of().toHexDigits((short) (i * 7 + j)));
            }
        }
        NDArray read = read(npy(header(">u2", true, "(" + rows + ", " + columns + ")"), hex.toString()));
        int[] expected = new int[rows * columns];
        for (int at = 0; at < expected.length; at++) {
            expected[at] = at / columns * 7 + at % columns;
        }
        assertThat(read.toInts()).isEqualTo(expected);
    }

    @Test
    void axesThatNumPyDoesNotHaveAreNotWritten() {
        int[] lengths = new int[65];
        Arrays.fill(lengths, 1);
        NDArray array = NDArray.of(7).reshape(Shape.of(lengths));
        Path file = folder.resolve("none");
        says(
                "write " + array.shape() + ": it has 65 axes, and arrays of NumPy have at most 64; reshape it",
                () -> Npy.write(file, array));
        assertThat(file).doesNotExist();
    }
}
