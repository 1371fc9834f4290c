package dev.clew.io;

import static dev.clew.io.Recipe.file;
import static dev.clew.io.Recipe.tensor;
import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays are written as every type that holds their numbers. */
final class StoredTypesTest {
    private static final List<ElementType> READ = List.of(
            ElementType.BOOL,
            ElementType.U8,
            ElementType.I8,
            ElementType.I16,
            ElementType.U16,
            ElementType.F16,
            ElementType.BF16,
            ElementType.I32,
            ElementType.U32,
            ElementType.F32,
            ElementType.F64,
            ElementType.I64,
            ElementType.U64);

    @TempDir
    private Path folder;

    private void write(NDArray array, ElementType type) throws IOException {
        Safetensors.write(folder.resolve("file"), Map.of("x", array), Map.of(), Map.of("x", type));
    }

    /** The bytes after the header, in hexadecimal digits. */
    private String written(NDArray array, ElementType type) throws IOException {
        write(array, type);
        byte[] all = Files.readAllBytes(folder.resolve("file"));
        int bytes = array.shape().elements() * type.bits() / 8;
        return HexFormat.of().formatHex(all, all.length - bytes, all.length);
    }

    private NDArray read() throws IOException {
        try (Safetensors open = Safetensors.open(folder.resolve("file"))) {
            return open.read("x");
        }
    }

    // ---------------------------------------------------------------------------------------------------- whole
    // numbers

    /** What PyTorch calls num_batches_tracked. */
    @Test
    void aCounterIsWrittenAsI64() throws IOException {
        write(NDArray.of(3), ElementType.I64);
        String header = tensor("I64", "", "0,8");
        byte[] expected = file(header + " ".repeat((8 - header.length() % 8) % 8), "0300000000000000");
        assertThat(Files.readAllBytes(folder.resolve("file"))).isEqualTo(expected);
        assertThat(read()).isEqualTo(NDArray.of(3));
    }

    @Test
    void wholeNumbersAreWrittenByTheLowestByteFirst() throws IOException {
        NDArray signed = NDArray.of(new int[] {1, -2, 127, -128});
        assertThat(written(signed, ElementType.I8)).isEqualTo("01fe7f80");
        assertThat(written(signed, ElementType.I16)).isEqualTo("0100feff7f0080ff");
        assertThat(written(signed, ElementType.I32)).isEqualTo("01000000feffffff7f00000080ffffff");
        assertThat(written(signed, ElementType.I64))
                .isEqualTo("0100000000000000feffffffffffffff7f0000000000000080ffffffffffffff");
        NDArray some = NDArray.of(new int[] {0, 255});
        assertThat(written(some, ElementType.U8)).isEqualTo("00ff");
        assertThat(written(some, ElementType.U16)).isEqualTo("0000ff00");
        assertThat(written(some, ElementType.U32)).isEqualTo("00000000ff000000");
        assertThat(written(some, ElementType.U64)).isEqualTo("0000000000000000ff00000000000000");
        assertThat(written(some, ElementType.F64)).isEqualTo("00000000000000000000000000e06f40");
        assertThat(written(NDArray.of(new int[] {0, 1}), ElementType.BOOL)).isEqualTo("0001");
        NDArray large = NDArray.of(new double[] {-0.0, 0x1p63, 0x1.fffffffffffffp63});
        assertThat(written(large, ElementType.U64)).isEqualTo("0000000000000000000000000000008000f8ffffffffffff");
        assertThat(written(NDArray.of(-0x1p63), ElementType.I64)).isEqualTo("0000000000000080");
        assertThat(written(NDArray.of(0xffffffffL * 1.0), ElementType.U32)).isEqualTo("ffffffff");
    }

    @Test
    void truthValuesAreWrittenAsAnything() throws IOException {
        NDArray truth = NDArray.of(new boolean[] {false, true});
        assertThat(written(truth, ElementType.BOOL)).isEqualTo("0001");
        assertThat(written(truth, ElementType.U8)).isEqualTo("0001");
        assertThat(written(truth, ElementType.I16)).isEqualTo("00000100");
        assertThat(written(truth, ElementType.F16)).isEqualTo("0000003c");
        assertThat(written(truth, ElementType.BF16)).isEqualTo("0000803f");
        assertThat(written(truth, ElementType.F32)).isEqualTo("000000000000803f");
    }

    @Test
    void theRangeOfEachTypeEndsWhereItsBitsEnd() throws IOException {
        Map<ElementType, double[]> ranges = new LinkedHashMap<>();
        ranges.put(ElementType.BOOL, new double[] {0, 1});
        ranges.put(ElementType.I8, new double[] {-128, 127});
        ranges.put(ElementType.U8, new double[] {0, 255});
        ranges.put(ElementType.I16, new double[] {-32768, 32767});
        ranges.put(ElementType.U16, new double[] {0, 65535});
        ranges.put(ElementType.I32, new double[] {-2147483648.0, 2147483647});
        ranges.put(ElementType.U32, new double[] {0, 4294967295.0});
        // The largest f64 below 2⁶³ and 2⁶⁴.
        ranges.put(ElementType.I64, new double[] {-0x1p63, 0x1.fffffffffffffp62});
        ranges.put(ElementType.U64, new double[] {0, 0x1.fffffffffffffp63});
        for (Map.Entry<ElementType, double[]> each : ranges.entrySet()) {
            double least = each.getValue()[0];
            double most = each.getValue()[1];
            write(NDArray.of(new double[] {least, most}), each.getKey());
            DoubleUnaryOperator below = x -> Math.abs(x) < 0x1p53 ? x - 1 : Math.nextDown(x);
            DoubleUnaryOperator above = x -> Math.abs(x) < 0x1p53 ? x + 1 : Math.nextUp(x);
            for (double bad : new double[] {
                below.applyAsDouble(least), above.applyAsDouble(most), 0.5, Double.NaN, Double.POSITIVE_INFINITY
            }) {
                assertThat(catchIllegal(NDArray.of(new double[] {0, 1, bad}), each.getKey()))
                        .startsWith("write 'x' as " + each.getKey() + ": its element 2 is " + bad
                                + ", which does not fit: ");
            }
        }
        says(
                "write 'x' as U8: its element 1 is -1.0, which does not fit: it holds whole numbers of 8 bits, from 0 on",
                () -> write(NDArray.of(new int[][] {{0, -1}}), ElementType.U8));
        says(
                "write 'x' as I16: its element 0 is 40000.0, which does not fit: it holds whole numbers of 16 bits, with a"
                        + " sign",
                () -> write(NDArray.of(40_000), ElementType.I16));
        says(
                "write 'x' as BOOL: its element 0 is 2.0, which does not fit: truth values are 0 and 1",
                () -> write(NDArray.of(2), ElementType.BOOL));
    }

    private String catchIllegal(NDArray array, ElementType type) throws IOException {
        try {
            write(array, type);
            return "written";
        } catch (IllegalArgumentException error) {
            return String.valueOf(error.getMessage());
        }
    }

    // -------------------------------------------------------------------------------------------------------- rounding

    @Test
    void halfPrecisionIsRoundedToTheNearest() throws IOException {
        NDArray some = NDArray.of(new double[] {1, -2, 65504, 0x1p-24, Double.POSITIVE_INFINITY, -0.0});
        assertThat(written(some, ElementType.F16)).isEqualTo("003c00c0ff7b0100007c0080");
        NDArray others = NDArray.of(new double[] {1, -2, 3.140625, 0x1.fep127, Double.NEGATIVE_INFINITY, -0.0});
        assertThat(written(others, ElementType.BF16)).isEqualTo("803f00c049407f7f80ff0080");
        write(NDArray.of(new double[] {Double.NaN}), ElementType.F16);
        assertThat(read().toDoubles()).containsExactly(Double.NaN);
        write(NDArray.of(new float[] {Float.intBitsToFloat(0x7f800001)}), ElementType.BF16);
        assertThat(read().toDoubles()).containsExactly(Double.NaN);
    }

    /**
     * All positive numbers of a type, by bits, as they are read; then, between each two, the middle, which goes to the even one, and
     * what is next to the middle on both sides, which f32 does not hold.
     */
    private void everyMiddleIsRoundedToEven(ElementType type, int infinity) throws IOException {
        double[] values = new double[infinity];
        for (int bits = 0; bits < infinity; bits++) {
            values[bits] =
                    type == ElementType.F16 ? Float.float16ToFloat((short) bits) : Float.intBitsToFloat(bits << 16);
        }
        assertThat(values).isSorted().doesNotHaveDuplicates();
        int count = infinity - 1;
        double[] numbers = new double[6 * count];
        double[] expected = new double[6 * count];
        for (int i = 0; i < count; i++) {
            double middle = (values[i] + values[i + 1]) / 2;
            double even = i % 2 == 0 ? values[i] : values[i + 1];
            double[] from = {middle, Math.nextDown(middle), Math.nextUp(middle)};
            double[] to = {even, values[i], values[i + 1]};
            for (int k = 0; k < 3; k++) {
                numbers[6 * i + k] = from[k];
                expected[6 * i + k] = to[k];
                numbers[6 * i + 3 + k] = -from[k];
                expected[6 * i + 3 + k] = -to[k];
            }
        }
        write(NDArray.of(numbers), type);
        assertThat(read().toDoubles()).isEqualTo(expected);
        write(NDArray.of(values), type);
        assertThat(read().toDoubles()).isEqualTo(values);
    }

    @Test
    void everyMiddleOfTwoF16IsRoundedToTheEvenOne() throws IOException {
        everyMiddleIsRoundedToEven(ElementType.F16, 0x7c00);
    }

    @Test
    void everyMiddleOfTwoBf16IsRoundedToTheEvenOne() throws IOException {
        everyMiddleIsRoundedToEven(ElementType.BF16, 0x7f80);
    }

    @Test
    void f64IsWrittenAsTheNearestF32() throws IOException {
        // The middle of 1 and the next, which goes to 1; of that one and the one after it, which goes up.
        assertThat(written(NDArray.of(new double[] {1 + 0x1p-24, 1 + 0x3p-24}), ElementType.F32))
                .isEqualTo("0000803f0200803f");
        assertThat(written(NDArray.of(0.5f), ElementType.F64)).isEqualTo("000000000000e03f");
    }

    @Test
    void aNumberThatWouldBecomeInfiniteIsNotWritten() throws IOException {
        // Half a step beyond the largest, 65504 + 16, is rounded up.
        write(NDArray.of(Math.nextDown(65520.0)), ElementType.F16);
        assertThat(read().item()).isEqualTo(65504);
        says(
                "write 'x' as F16: its element 1 is 65520.0, which does not fit: its largest number is 65504",
                () -> write(NDArray.of(new double[] {1, 65520}), ElementType.F16));
        says(
                "write 'x' as BF16: its element 0 is -3.4028234663852886E38, which does not fit: its largest number is"
                        + " 3.3895314E38",
                () -> write(NDArray.of(-Float.MAX_VALUE), ElementType.BF16));
        says(
                "write 'x' as F32: its element 0 is 1.0E300, which does not fit: its largest number is 3.4028235E38",
                () -> write(NDArray.of(1e300), ElementType.F32));
        // What was written before stays.
        assertThat(read().item()).isEqualTo(65504);
    }

    // ------------------------------------------------------------------------------------------------------ all of
    // them

    @Test
    void typesThatArraysDoNotHaveAreNotWritten() {
        for (ElementType type : ElementType.values()) {
            if (!READ.contains(type)) {
                says(
                        "write 'x' as " + type + ": arrays are not written as F4, F6, F8 or C64; F16 and BF16 are the"
                                + " shortest types with an exponent",
                        () -> write(NDArray.of(1.0), type));
            }
        }
        says(
                "write: 'y' is to be I64, but no array has that name. The names are [x]",
                () -> Safetensors.write(
                        folder.resolve("file"), Map.of("x", NDArray.of(1)), Map.of(), Map.of("y", ElementType.I64)));
    }

    /** The numbers 0 and 1, which every type has, in arrays that lie in every way. */
    @Test
    void arraysOfEveryTypeAndLayoutAreReadAsTheyWere() throws IOException {
        for (DType type : DType.values()) {
            NDArray plain = NDArray.build(type, Shape.of(3, 4, 5), (block, from, count) -> {
                for (int i = 0; i < count; i++) {
                    block[i] = (from + i) * 7 / 3 % 2;
                }
            });
            Map<String, NDArray> layouts = new LinkedHashMap<>();
            layouts.put("plain", plain);
            layouts.put("transposed", plain.permute(2, 0, 1));
            layouts.put("every second", plain.slice(new int[] {2, 0, 4}, new int[] {-1, 2, -2}, Shape.of(3, 2, 3)));
            layouts.put("some rows", plain.rows(1, 2));
            layouts.put("repeated", plain.rows(1, 2).broadcastTo(Shape.of(4, 4, 5)));
            layouts.put(
                    "one number",
                    plain.slice(new int[] {1, 1, 1}, new int[] {1, 1, 1}, Shape.of(1, 1, 1))
                            .reshape(Shape.of()));
            layouts.put(
                    "one number everywhere", NDArray.full(1, type, Shape.of()).broadcastTo(Shape.of(2, 40_000)));
            layouts.put("nothing", plain.rows(0, 0));
            layouts.put("nothing of rows", NDArray.full(1, type, Shape.of(3, 0)));
            for (ElementType stored : READ) {
                Map<String, ElementType> types = new LinkedHashMap<>();
                layouts.keySet().forEach(name -> types.put(name, stored));
                Safetensors.write(folder.resolve("file"), layouts, Map.of(), types);
                try (Safetensors open = Safetensors.open(folder.resolve("file"))) {
                    assertThat(open.names()).containsExactlyInAnyOrderElementsOf(layouts.keySet());
                    for (Map.Entry<String, NDArray> each : layouts.entrySet()) {
                        assertThat(open.stored(each.getKey()).type()).isEqualTo(stored);
                        NDArray read = open.read(each.getKey());
                        assertThat(read.dtype()).isEqualTo(wider(stored));
                        assertThat(read.shape()).isEqualTo(each.getValue().shape());
                        assertThat(read.toDoubles())
                                .as("%s as %s, %s", type, stored, each.getKey())
                                .isEqualTo(each.getValue().toDoubles());
                    }
                }
            }
        }
    }

    private static DType wider(ElementType stored) {
        return switch (stored) {
            case F64 -> DType.F64;
            case F32, F16, BF16 -> DType.F32;
            case BOOL -> DType.BOOL;
            default -> DType.I32;
        };
    }

    /** More than are encoded at once. */
    @Test
    void manyNumbersAreWrittenInParts() throws IOException {
        int count = 3 * (1 << 15) + 7;
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> i - 5000);
        write(NDArray.of(numbers), ElementType.I64);
        assertThat(read()).isEqualTo(NDArray.of(numbers));
        numbers[count - 1] = 1 << 20;
        says(
                "write 'x' as I16: its element 37768 is 32768.0, which does not fit: it holds whole numbers of 16 bits,"
                        + " with a sign",
                () -> write(NDArray.of(numbers), ElementType.I16));
        assertThat(read().get(count - 1)).isEqualTo(count - 5001);
    }
}
