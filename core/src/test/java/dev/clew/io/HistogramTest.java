package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which numbers are counted where. */
final class HistogramTest {
    private static final double LEAST = 0x1p-64;

    @TempDir
    private Path folder;

    private EventRecords.Histo written(NDArray array) throws IOException {
        try (EventFile events = EventFile.create(folder, 0, InstantSource.system())) {
            events.histogram("w", 0, array);
            List<ByteBuffer> records = EventRecords.records(events.file());
            return EventRecords.histo(records.getLast());
        }
    }

    private void assertBuckets(NDArray array, List<Double> limits, List<Double> counts) throws IOException {
        EventRecords.Histo histo = written(array);
        assertThat(histo.limits()).isEqualTo(limits);
        assertThat(histo.counts()).isEqualTo(counts);
    }

    /** Counted one bucket after the other; no number is at a limit. */
    @Test
    void everyBucketHasTheNumbersBetweenItsLimits() throws IOException {
        RandomKey key = RandomKey.of(11);
        for (double scale : new double[] {1e-300, 1e-18, 0.02, 1, 1e15, 1e19, 1e200}) {
            NDArray array = key.normal(0.3 * scale, scale, DType.F64, Shape.of(40, 51));
            double[] numbers = array.toDoubles();
            EventRecords.Histo histo = written(array);
            double from = Double.NEGATIVE_INFINITY;
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (double each : numbers) {
                least = Math.min(least, each);
                most = Math.max(most, each);
                sum += each;
            }
            assertThat(histo.limits()).hasSameSizeAs(histo.counts());
            for (int i = 0; i < histo.limits().size(); i++) {
                double to = histo.limits().get(i);
                double count = 0;
                for (double each : numbers) {
                    count += each > from && each < to ? 1 : 0;
                }
                assertThat(histo.counts().get(i)).as("%s to %s", from, to).isEqualTo(count);
                from = to;
            }
            assertThat(histo.counts().stream().mapToDouble(each -> each).sum()).isEqualTo(2040);
            assertThat(histo.number()).isEqualTo(2040);
            assertThat(histo.least()).isEqualTo(least);
            assertThat(histo.most()).isEqualTo(most);
            // 2040 additions of numbers up to 5 scales, in two orders.
            assertThat(histo.sum()).isCloseTo(sum, within(2040 * 2040 * 5 * scale * 0x1p-53));
        }
    }

    /** The rule: eight parts of equal width to a power of two, and one bucket around zero. */
    @Test
    void limitsAreEighthsOfPowersOfTwo() throws IOException {
        double[] numbers = new double[2 * 8 * 128];
        for (int i = 0; i < 8 * 128; i++) {
            numbers[2 * i] = Math.scalb(1 + (i % 8) / 8.0 + 0.01, i / 8 - 64);
            numbers[2 * i + 1] = -numbers[2 * i];
        }
        EventRecords.Histo histo = written(NDArray.of(numbers));
        int count = histo.limits().size();
        assertThat(count).isEqualTo(2 * 8 * 128 + 1);
        for (int i = 0; i < 8 * 128; i++) {
            double edge = Math.scalb(1 + (i % 8) / 8.0, i / 8 - 64);
            assertThat(histo.limits().get(1024 + i)).isEqualTo(edge);
            assertThat(histo.limits().get(1023 - i)).isEqualTo(-edge);
        }
        assertThat(histo.limits().getLast()).isEqualTo(0x1p64);
        assertThat(histo.counts().get(1024)).as("around zero").isEqualTo(0);
        assertThat(histo.counts().stream().filter(each -> each == 1)).hasSize(count - 1);
    }

    @Test
    void aLimitBelongsToTheBucketThatIsFartherFromZero() throws IOException {
        assertBuckets(NDArray.of(1.0), List.of(1.125), List.of(1.0));
        assertBuckets(NDArray.of(Math.nextDown(1.0)), List.of(1.0), List.of(1.0));
        assertBuckets(NDArray.of(-1.0), List.of(-1.0), List.of(1.0));
        assertBuckets(NDArray.of(Math.nextUp(-1.0)), List.of(-0.9375), List.of(1.0));
        assertBuckets(NDArray.of(LEAST), List.of(LEAST * 1.125), List.of(1.0));
        assertBuckets(NDArray.of(Math.nextDown(LEAST)), List.of(LEAST), List.of(1.0));
        assertBuckets(NDArray.of(-LEAST), List.of(-LEAST), List.of(1.0));
        assertBuckets(NDArray.of(Math.nextUp(-LEAST)), List.of(LEAST), List.of(1.0));
        assertBuckets(NDArray.of(Math.nextDown(0x1p64)), List.of(0x1p64), List.of(1.0));
        assertBuckets(NDArray.of(0x1p64), List.of(Double.MAX_VALUE), List.of(1.0));
        assertBuckets(NDArray.of(-0x1p64), List.of(-0x1p64), List.of(1.0));
        assertBuckets(
                NDArray.of(new double[] {-Double.MAX_VALUE, -0.0, Double.MIN_VALUE, Double.MAX_VALUE}),
                List.of(-0x1p64, -LEAST, LEAST, 0x1p64, Double.MAX_VALUE),
                List.of(1.0, 0.0, 2.0, 0.0, 1.0));
    }

    @Test
    void everyTypeAndLayoutIsCounted() throws IOException {
        assertBuckets(
                NDArray.of(new boolean[] {true, false, true}), List.of(LEAST, 1.0, 1.125), List.of(1.0, 0.0, 2.0));
        assertBuckets(
                NDArray.of(new int[] {Integer.MIN_VALUE, 2, 2, Integer.MAX_VALUE}),
                List.of(-0x1p31, 2.0, 2.25, 0x1.ep30, 0x1p31),
                List.of(1.0, 0.0, 2.0, 0.0, 1.0));
        NDArray columns = NDArray.of(new float[][] {{1, 2}, {3, 4}, {5, 6}})
                .slice(new int[] {0, 1}, new int[] {1, 1}, Shape.of(3, 1));
        assertBuckets(columns, List.of(2.25, 4.0, 4.5, 6.0, 6.5), List.of(1.0, 0.0, 1.0, 0.0, 1.0));
    }

    @Test
    void whatIsEmptyHasOneEmptyBucket() throws IOException {
        assertThat(written(NDArray.full(0, DType.F32, Shape.of(3, 0))))
                .isEqualTo(new EventRecords.Histo(0, 0, 0, 0, 0, List.of(0.0), List.of(0.0)));
    }

    @Test
    void aSumThatLeavesTheRangeIsInfinite() throws IOException {
        EventRecords.Histo histo = written(NDArray.of(new double[] {-1e308, -1e308}));
        assertThat(histo.sum()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(histo.squares()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(histo.counts()).containsExactly(2.0);
    }

    /** The numbers are one in memory, and whoever copied them would need 16 MB, or more for boxes. */
    @Test
    void nothingIsCopiedHoweverManyThereAre() throws IOException {
        NDArray many = NDArray.full(0.75, DType.F32, Shape.of(2000, 2000));
        written(many);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        EventRecords.Histo histo = written(many);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        assertThat(histo.counts()).containsExactly(4e6);
        assertThat(histo.sum()).isEqualTo(3e6);
        assertThat(histo.squares()).isEqualTo(2.25e6);
    }
}
