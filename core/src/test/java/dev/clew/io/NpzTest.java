package dev.clew.io;

import static dev.clew.io.NpyRecipe.header;
import static dev.clew.io.NpyRecipe.npy;
import static dev.clew.testing.Says.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.Bytes;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The format of many arrays, against files put together by hand and by the zip library of the JDK. */
final class NpzTest {
    private static final byte[] SEVEN = npy(header("|i1", "()"), "07");
    private static final byte[] EIGHT = npy(header("|i1", "()"), "08");

    @TempDir
    private Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("file.npz"), bytes);
    }

    private Map<String, NDArray> read(byte[] bytes) throws IOException {
        try (Npz open = Npz.open(file(bytes))) {
            return open.readAll();
        }
    }

    // -------------------------------------------------------------------------------------------------------- reading

    @Test
    void namesAreThoseOfEntriesThatEndInNpy() throws IOException {
        Path file = file(ZipRecipe.of("z/a.npy", SEVEN, 0)
                .with("notes.txt", "text".getBytes(UTF_8), 8)
                .with("folder/", new byte[0], 0)
                .with("b.npy.npy", npy(header("<c8", "(2, 1)"), "00".repeat(16)), 8)
                .with(".npy", EIGHT, 0)
                .bytes());
        try (Npz open = Npz.open(file)) {
            assertThat(open.names()).containsExactly("z/a", "b.npy", "");
            assertThat(open.read("z/a")).isEqualTo(NDArray.of(7));
            assertThat(open.read("")).isEqualTo(NDArray.of(8));
            assertThat(open.stored("z/a")).isEqualTo(new Npz.Stored("|i1", List.of(), 1));
            assertThat(open.stored("b.npy")).isEqualTo(new Npz.Stored("<c8", List.of(2L, 1L), 16));
            int deflated = ZipRecipe.deflated(npy(header("<c8", "(2, 1)"), "00".repeat(16))).length;
            assertThat(open)
                    .hasToString("Npz " + file
                            + "\n  z/a.npy 66 bytes\n  notes.txt 4 bytes in 6, no array\n  folder/ 0 bytes, no"
                            + " array\n  b.npy.npy 85 bytes in " + deflated + "\n  .npy 66 bytes");
            says(
                    "read 'b' of " + file + ": there is no array of that name. The names are [z/a, b.npy, ]",
                    () -> open.read("b"));
            says(
                    "stored 'notes.txt' of " + file + ": there is no array of that name. The names are [z/a, b.npy, ];"
                            + " an entry is an array if it ends in .npy",
                    () -> open.stored("notes.txt"));
        }
    }

    /** A name is no path: nothing is written anywhere. */
    @Test
    void namesThatLookLikePathsAreNames() throws IOException {
        assertThat(read(ZipRecipe.of("../../etc/a.npy", SEVEN, 0)
                        .with("/b.npy", SEVEN, 8)
                        .with("c\\d.npy", SEVEN, 8)
                        .with("日本/é.npy", SEVEN, 8)
                        .bytes()))
                .containsOnlyKeys("../../etc/a", "/b", "c\\d", "日本/é");
    }

    @Test
    void aFileWithoutArraysIsRead() throws IOException {
        assertThat(read(new ZipRecipe().bytes())).isEmpty();
        assertThat(read(new ZipRecipe()
                        .but(zip -> zip.comment = "none".getBytes(UTF_8))
                        .bytes()))
                .isEmpty();
    }

    /** A comment may look like the end of a zip file, and what lies before it may be anything. */
    @Test
    void bytesBeforeAndAfterAreNoPartOfIt() throws IOException {
        byte[] empty = new ZipRecipe().bytes();
        for (boolean isWide : new boolean[] {false, true}) {
            for (byte[] before :
                    new byte[][] {{}, {1, 2, 3}, "#!/bin/sh\n".repeat(20).getBytes(UTF_8), empty}) {
                for (byte[] comment : new byte[][] {{}, new byte[65_535], Bytes.concat(empty, new byte[1])}) {
                    byte[] bytes = ZipRecipe.of("a.npy", SEVEN, 0)
                            .with("b.npy", EIGHT, 8)
                            .but(zip -> {
                                zip.isWide = isWide;
                                zip.before = before;
                                zip.comment = comment;
                            })
                            .bytes();
                    assertThat(read(bytes)).isEqualTo(Map.of("a", NDArray.of(7), "b", NDArray.of(8)));
                }
            }
        }
    }

    @Test
    void sizesAreReadFromFieldsOf64BitsWhereThereAreSuch() throws IOException {
        // As NumPy writes them: in the header of the entry, whatever its size.
        byte[] ofNumPy = ZipRecipe.of("a.npy", SEVEN, 8)
                .but(zip -> {
                    zip.first().extra = ZipRecipe.wide(zip.first().size, zip.first().compressed);
                    zip.first().size = ZipRecipe.ALL_ONES;
                    zip.first().compressed = ZipRecipe.ALL_ONES;
                })
                .bytes();
        assertThat(read(ofNumPy)).isEqualTo(Map.of("a", NDArray.of(7)));
        // In the directory, after a field of another kind, and with all that the end says.
        byte[] all = ZipRecipe.of("a.npy", SEVEN, 8)
                .but(zip -> {
                    ZipRecipe.Entry a = zip.first();
                    byte[] other = {7, 7, 2, 0, 1, 1};
                    a.extraThere = Bytes.concat(other, ZipRecipe.wide(a.size, a.compressed, 0), other);
                    a.sizeThere = ZipRecipe.ALL_ONES;
                    a.compressedThere = ZipRecipe.ALL_ONES;
                    a.offset = ZipRecipe.ALL_ONES & 0xffff_ffffL;
                    zip.isWide = true;
                    zip.isOpen = true;
                })
                .bytes();
        assertThat(read(all)).isEqualTo(Map.of("a", NDArray.of(7)));
    }

    /** An entry written in one go has sizes after its bytes, and none before them. */
    @Test
    void entriesThatWereMeasuredLaterAreRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("a.npy", "b.npy")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(SEVEN);
            }
        }
        assertThat(read(bytes.toByteArray())).isEqualTo(Map.of("a", NDArray.of(7), "b", NDArray.of(7)));
    }

    /** 5 GB of which the disk keeps the last few. */
    @Test
    void placesBeyond32BitsAreRead() throws IOException {
        long place = 5_000_000_000L;
        byte[] zip = ZipRecipe.of("a.npy", SEVEN, 0)
                .but(it -> {
                    it.first().extraThere = ZipRecipe.wide(place);
                    it.first().offset = ZipRecipe.ALL_ONES & 0xffff_ffffL;
                    it.isWide = true;
                    it.isOpen = true;
                })
                .bytes();
        ByteBuffer record = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int end = zip.length - 22 - 20 - 56;
        record.putLong(end + 48, place + record.getLong(end + 48));
        record.putLong(end + 56 + 8, place + record.getLong(end + 56 + 8));
        Path file = folder.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.seek(place);
            sparse.write(zip);
        }
        try (Npz open = Npz.open(file)) {
            assertThat(open.readAll()).isEqualTo(Map.of("a", NDArray.of(7)));
        }
    }

    @Test
    void eachArrayIsReadWhenItIsAskedForAndNotAfterClosing() throws IOException {
        byte[] bytes = ZipRecipe.of("a.npy", SEVEN, 0).with("b.npy", EIGHT, 0).bytes();
        bytes[0] = 'X';
        Npz open = Npz.open(file(bytes));
        assertThat(open.read("b")).isEqualTo(NDArray.of(8));
        assertThatThrownBy(() -> open.read("a")).isExactlyInstanceOf(UnreadableFileException.class);
        open.close();
        assertThatThrownBy(() -> open.read("b")).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> Npz.open(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    // -------------------------------------------------------------------------------------------------------- writing

    private static Map<String, NDArray> arrays() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (DType type : DType.values()) {
            arrays.put("long/" + type, NDArray.build(type, Shape.of(7, 50_021), (block, from, count) -> {
                for (int i = 0; i < count; i++) {
                    block[i] = (from + i) % 3 - 1;
                }
            }));
        }
        arrays.put("🧵", NDArray.of(new double[][] {{1, 2, 3}, {4, 5, 6}}).permute(1, 0));
        arrays.put("～", NDArray.of(1f));
        arrays.put("", NDArray.of(true));
        arrays.put("a.npy", NDArray.of(new int[0]).reshape(Shape.of(0, 3)));
        return arrays;
    }

    /** The JDK has another reader, and the npy files in it are tested elsewhere. */
    @Test
    void whatIsWrittenIsAZipFileOfNpyFilesInTheOrderOfNames() throws IOException {
        Map<String, NDArray> arrays = arrays();
        Path stored = folder.resolve("stored");
        Path deflated = folder.resolve("deflated");
        Npz.write(stored, arrays);
        Npz.writeDeflated(deflated, arrays);
        for (Path file : List.of(stored, deflated)) {
            List<String> names = new ArrayList<>();
            try (ZipFile zip = new ZipFile(file.toFile())) {
                for (ZipEntry each : zip.stream().toList()) {
                    String name = each.getName().substring(0, each.getName().length() - 4);
                    names.add(name);
                    assertThat(each.getMethod()).isEqualTo(file.equals(stored) ? ZipEntry.STORED : ZipEntry.DEFLATED);
                    assertThat(each.getTimeLocal()).isEqualTo("1980-01-01T00:00:02");
                    assertThat(each.getExtra()).isNull();
                    ByteArrayOutputStream npy = new ByteArrayOutputStream();
                    Npy.write(Channels.newChannel(npy), Objects.requireNonNull(arrays.get(name)));
                    assertThat(zip.getInputStream(each).readAllBytes()).isEqualTo(npy.toByteArray());
                }
            }
            // Of the last two the first has the smaller bytes in UTF-8, and the larger in UTF-16.
            assertThat(names).containsExactly("", "a.npy", "long/bool", "long/f32", "long/f64", "long/i32", "～", "🧵");
            try (Npz open = Npz.open(file)) {
                assertThat(open.readAll()).isEqualTo(arrays);
            }
        }
        assertThat(Files.size(deflated)).isLessThan(Files.size(stored) / 10);
    }

    @Test
    void theSameArraysGiveTheSameBytes() throws IOException {
        Path file = folder.resolve("one");
        Map<String, NDArray> arrays = Map.of("a", NDArray.of(1.0), "b", NDArray.of(2), "c", NDArray.of(true));
        Npz.write(file, arrays);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Npz.write(Channels.newChannel(bytes), new TreeMap<>(arrays).reversed());
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes.toByteArray());
        Npz.writeDeflated(file, arrays);
        bytes.reset();
        Npz.writeDeflated(Channels.newChannel(bytes), new TreeMap<>(arrays).reversed());
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes.toByteArray());
    }

    /** A channel with room for so many bytes. */
    private static final class Full implements WritableByteChannel {
        private int room;
        private boolean isClosed;

        Full(int room) {
            this.room = room;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = Math.min(room, bytes.remaining());
            if (count == 0) {
                throw new IOException("it is full");
            }
            room -= count;
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return !isClosed;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    @Test
    void aChannelThatFailsSaysSoAndIsNotClosed() throws IOException {
        Map<String, NDArray> arrays = Map.of("a", NDArray.of(1.0), "b", NDArray.of(2));
        for (int room = 0; room < 200; room += 7) {
            Full channel = new Full(room);
            assertThatThrownBy(() -> Npz.write(channel, arrays)).hasMessage("it is full");
            assertThatThrownBy(() -> Npz.writeDeflated(new Full(3), arrays)).hasMessage("it is full");
            assertThat(channel.isOpen()).isTrue();
        }
        Full channel = new Full(10_000);
        Npz.write(channel, arrays);
        assertThat(channel.isOpen()).isTrue();
    }

    /** An interrupt closes channels of files; what is written is tried again. */
    @Test
    void anInterruptDoesNotStopWriting() throws IOException {
        Path file = folder.resolve("interrupted");
        Thread.currentThread().interrupt();
        Npz.writeDeflated(file, arrays());
        assertThat(Thread.interrupted()).isTrue();
        try (Npz open = Npz.open(file)) {
            assertThat(open.readAll()).isEqualTo(arrays());
        }
    }

    @Test
    void namesThatReadersDoNotKeepAreNotWritten() {
        NDArray one = NDArray.of(1.0);
        Path file = folder.resolve("none");
        says(
                "write: the name of an array is 'a?b', which has a character 0, where readers cut it; name it otherwise",
                () -> Npz.write(file, Map.of("a\0b", one)));
        says(
                "write: the name of an array is '\ud800', which has half of a surrogate pair, which is no letter; name it"
                        + " otherwise",
                () -> Npz.writeDeflated(file, Map.of("\ud800", one)));
        says(
                "write: the name of an array is '" + "é".repeat(60)
                        + "...', which has more than the 65000 bytes that have room in"
                        + " a zip file; name it otherwise",
                () -> Npz.write(file, Map.of("é".repeat(32_501), one)));
        assertThat(file).doesNotExist();
    }

    @Test
    void theLongestNameIsWritten() throws IOException {
        Path file = folder.resolve("long");
        Map<String, NDArray> arrays = Map.of("é".repeat(32_500), NDArray.of(1.0));
        Npz.write(file, arrays);
        try (Npz open = Npz.open(file)) {
            assertThat(open.readAll()).isEqualTo(arrays);
        }
    }

    // ---------------------------------------------------------------------------------------------------------- memory

    /** 8 MB of zeros in 8 kB: of a file and of what it inflates to there is nothing on the heap but the array. */
    @Test
    void nothingButTheArrayIsAllocated() throws IOException {
        int elements = 1_000_000;
        Map<String, NDArray> arrays = Map.of("zeros", NDArray.of(Shape.of(elements), new double[elements]));
        Path npy = folder.resolve("npy");
        Path stored = folder.resolve("stored");
        Path deflated = folder.resolve("deflated");
        Npy.write(npy, NDArray.of(Shape.of(elements), new double[elements]));
        Npz.write(stored, arrays);
        Npz.writeDeflated(deflated, arrays);
        assertThat(Files.size(deflated)).isLessThan(10_000);
        long before = Allocated.bytes();
        NDArray read = Npy.read(npy);
        assertThat(Allocated.bytes() - before).isLessThan(8L * elements + (1 << 20));
        assertThat(read).isEqualTo(arrays.get("zeros"));
        for (Path file : List.of(stored, deflated)) {
            before = Allocated.bytes();
            try (Npz open = Npz.open(file)) {
                read = open.read("zeros");
            }
            assertThat(Allocated.bytes() - before).isLessThan(8L * elements + (1 << 20));
            assertThat(read).isEqualTo(arrays.get("zeros"));
        }
    }

    /** Many threads read one file, each at its own place. */
    @Test
    void threadsReadAtTheSameTime() throws IOException {
        Path file = folder.resolve("many");
        Map<String, NDArray> arrays = new TreeMap<>();
        for (int i = 0; i < 64; i++) {
            arrays.put(String.valueOf(i), NDArray.full(i, DType.F32, Shape.of(1 + i, 1000)));
        }
        Npz.writeDeflated(file, arrays);
        try (Npz open = Npz.open(file)) {
            assertThat(open.names().parallelStream().allMatch(name -> {
                        try {
                            return open.read(name).equals(Objects.requireNonNull(arrays.get(name)));
                        } catch (IOException error) {
                            throw new UncheckedIOException(error);
                        }
                    }))
                    .isTrue();
        }
    }
}
