package dev.clew.io;

import static dev.clew.io.NpyRecipe.header;
import static dev.clew.io.NpyRecipe.npy;
import static dev.clew.io.NpyRecipe.readOrRefusedNpy;
import static dev.clew.io.NpyRecipe.readOrRefusedNpz;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.NDArray;
import dev.clew.io.MalformedNpy.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes of an npy or npz file are, it is read or refused with the reason: nothing else happens. */
final class DamagedNumPyFilesTest {
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
        Files.deleteIfExists(forProperties);
    }

    // ---------------------------------------------------------------------------------------------------- kinds of
    // wrong

    @Test
    void noTwoKindsHaveOneMessage() {
        assertThat(MalformedNpy.all())
                .hasSizeGreaterThan(60)
                .extracting(Kind::name)
                .doesNotHaveDuplicates();
        assertThat(MalformedNpz.all())
                .hasSizeGreaterThan(40)
                .extracting(Kind::name)
                .doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> eachKindOfNpyIsRefusedWithItsMessageAndLittleMemory() {
        return MalformedNpy.all().stream()
                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> requireRefused(kind, Npy::read)));
    }

    @TestFactory
    Stream<DynamicTest> eachKindOfNpzIsRefusedWithItsMessageAndLittleMemory() {
        return MalformedNpz.all().stream()
                .map(kind -> DynamicTest.dynamicTest(
                        kind.name(),
                        () -> requireRefused(kind, file -> {
                            try (Npz open = Npz.open(file)) {
                                open.readAll();
                            }
                        })));
    }

    @FunctionalInterface
    private interface Reading {
        void of(Path file) throws IOException;
    }

    private void requireRefused(Kind kind, Reading reading) throws IOException {
        Path file = Files.write(folder.resolve("bad"), kind.bytes());
        long before = Allocated.bytes();
        Throwable error = catchThrowable(() -> reading.of(file));
        assertThat(Allocated.bytes() - before).isLessThan(MOST_BYTES);
        assertThat(error)
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + file + ": " + kind.because());
    }

    // ---------------------------------------------------------------------------------------------------------
    // mutations

    private static final byte[] NPY = npy(header("<f4", true, "(2, 3)"), "00 01 02 03".repeat(6));

    /** Two entries, of which one is deflated; 64 bits where they may be, and bytes before and after. */
    private static byte[] npz() {
        return ZipRecipe.of("a.npy", NPY, 0)
                .with("\u00e9/b.npy", npy(2, header("|b1", "(5,)"), "00 01 00 01 00"), 8)
                .but(zip -> {
                    zip.first().extra = ZipRecipe.wide(zip.first().size, zip.first().compressed);
                    zip.first().size = ZipRecipe.ALL_ONES;
                    zip.first().compressed = ZipRecipe.ALL_ONES;
                    zip.entries.getLast().flags = 8;
                    zip.isWide = true;
                    zip.before = new byte[] {1, 2, 3};
                    zip.comment = new byte[] {4};
                })
                .bytes();
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        assertThat(readOrRefusedNpy(folder, NPY)).hasSize(1);
        for (int length = 0; length < NPY.length; length++) {
            assertThat(readOrRefusedNpy(folder, Arrays.copyOf(NPY, length)))
                    .as("%d bytes", length)
                    .isEmpty();
        }
        byte[] npz = npz();
        assertThat(readOrRefusedNpz(folder, npz)).hasSize(2);
        for (int length = 0; length < npz.length; length++) {
            assertThat(readOrRefusedNpz(folder, Arrays.copyOf(npz, length)))
                    .as("%d bytes", length)
                    .isEmpty();
        }
    }

    /** What a changed file still says is content that a file can have: as many bytes, or another name. */
    @Test
    void everyChangeOfAByteGivesContentOrIsRefused() throws IOException {
        byte[] npz = npz();
        int refused = 0;
        for (int at = 0; at < npz.length; at++) {
            for (int value = 0; value < 256; value += 51) {
                byte[] changed = npz.clone();
                changed[at] = (byte) value;
                refused += readOrRefusedNpz(folder, changed).size() < 2 ? 1 : 0;
            }
        }
        assertThat(refused).isGreaterThan(3 * npz.length);
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        return Mutation.some();
    }

    private static void count(Map<String, NDArray> read) {
        Statistics.collect(read.isEmpty() ? "refused" : "read");
        Statistics.coverage(all -> all.check("read").percentage(percent -> percent > 1 && percent < 50));
    }

    /** With the two below 100 000 in the long run, which multiplies all tries by 20. */
    @Property(tries = 2_000)
    void anNpyFileThatWasChangedIsReadOrRefused(@ForAll("mutations") List<Mutation> mutations) throws IOException {
        count(readOrRefusedNpy(forProperties, Mutation.changed(NPY, mutations)));
    }

    @Property(tries = 2_000)
    void anNpzFileThatWasChangedIsReadOrRefused(@ForAll("mutations") List<Mutation> mutations) throws IOException {
        count(readOrRefusedNpz(forProperties, Mutation.changed(npz(), mutations)));
    }

    /** Check sums fit, lest they alone be looked at. */
    @Property(tries = 1_000)
    void anNpzFileOfAnNpyFileThatWasChangedIsReadOrRefused(
            @ForAll("mutations") List<Mutation> mutations, @ForAll boolean isDeflated) throws IOException {
        byte[] changed = Mutation.changed(NPY, mutations);
        count(readOrRefusedNpz(
                forProperties,
                ZipRecipe.of("a.npy", changed, isDeflated ? 8 : 0).bytes()));
    }
}
