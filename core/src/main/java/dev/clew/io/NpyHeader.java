package dev.clew.io;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What an npy file says of itself: the byte 0x93 and {@code NUMPY}, the version in two bytes, the length of the header in two or four,
 * little-endian, the header, which is a dictionary as Python writes it, and then the elements (NumPy enhancement proposal 1).
 *
 * @param isFortran whether the first index runs fastest
 * @param begin how many bytes lie before the first element
 */
record NpyHeader(NpyType type, boolean isFortran, ImmutableList<Long> lengths, long begin) {
    /** The most axes in NumPy 2. */
    private static final int MOST_AXES = 64;
    /** The most characters of a header, as in NumPy. */
    private static final int MOST = 10_000;
    /** A character takes up to four bytes in UTF-8. */
    private static final int MOST_BYTES = 4 * MOST;

    private static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
    private static final int START = MAGIC.length + 2;
    /** Elements begin at a multiple of this in files of NumPy. */
    private static final int ALIGNMENT = 64;
    /** So many digits may an axis grow to in place in files of NumPy. */
    private static final int GROWTH = 21;

    // -------------------------------------------------------------------------------------------------------- reading

    /** @param tensor what errors call the array */
    static NpyHeader read(Path file, String tensor, NpySource source) throws IOException {
        require(file, tensor, source.length(), START + 2);
        ByteBuffer start = bytes(source, START);
        byte[] magic = new byte[MAGIC.length];
        start.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new UnreadableFileException(
                    file, tensor + " does not begin with 0x93 and NUMPY", "an npy file does; is it one?");
        }
        int major = start.get();
        int minor = start.get();
        if (major < 1 || major > 3 || minor != 0) {
            throw new UnreadableFileException(
                    file,
                    tensor + " has version " + Byte.toUnsignedInt((byte) major) + "."
                            + Byte.toUnsignedInt((byte) minor),
                    "the versions are 1.0, 2.0 and 3.0; a newer one is not known here");
        }
        int counted = major == 1 ? Short.BYTES : Integer.BYTES;
        require(file, tensor, source.length(), START + counted);
        ByteBuffer count = bytes(source, counted);
        long n = major == 1 ? Short.toUnsignedLong(count.getShort()) : Integer.toUnsignedLong(count.getInt());
        requireShort(file, tensor, n, MOST_BYTES);
        require(file, tensor, source.length(), START + counted + n);
        String text = text(file, tensor, bytes(source, (int) n), major);
        requireShort(file, tensor, text.codePointCount(0, text.length()), MOST);
        return new NpyHeaderReader(file, tensor, text, major < 3).read(START + counted + n);
    }

    private static ByteBuffer bytes(NpySource source, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        source.fill(bytes);
        return bytes;
    }

    private static void require(Path file, String tensor, long length, long needed) throws UnreadableFileException {
        if (length < needed) {
            throw new UnreadableFileException(
                    file,
                    tensor + " has " + length + " bytes",
                    "an npy file has " + needed + " before its elements here; it is cut off, or no npy file");
        }
    }

    private static void requireShort(Path file, String tensor, long count, int most) throws UnreadableFileException {
        if (count > most) {
            throw new UnreadableFileException(
                    file,
                    "the header of " + tensor + " has " + count + (most == MOST ? " characters" : " bytes"),
                    "the most is " + MOST + " characters, as in NumPy");
        }
    }

    private static String text(Path file, String tensor, ByteBuffer bytes, int major) throws UnreadableFileException {
        Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        try {
            return charset.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException error) {
            UnreadableFileException wrong = new UnreadableFileException(
                    file, "the header of " + tensor + " is not UTF-8", "in version 3.0 it must be");
            wrong.initCause(error);
            throw wrong;
        }
    }

    /** Type and shape as errors name them. */
    String kind() {
        return type.brief() + " " + TensorPlace.shown(lengths);
    }

    /** How many bytes elements of so many each take. */
    long bytes(Path file, String tensor, int each) throws UnreadableFileException {
        if (lengths.size() > MOST_AXES) {
            throw new UnreadableFileException(
                    file,
                    tensor + " is " + kind() + " with " + lengths.size() + " axes",
                    "arrays of NumPy have at most " + MOST_AXES);
        }
        if (lengths.contains(0L)) {
            return 0;
        }
        long bytes = each;
        try {
            for (long length : lengths) {
                bytes = Math.multiplyExact(bytes, length);
            }
            return bytes;
        } catch (ArithmeticException error) {
            UnreadableFileException wrong = new UnreadableFileException(
                    file, tensor + " is " + kind(), "that many bytes cannot be counted in 63 bits");
            wrong.initCause(error);
            throw wrong;
        }
    }

    // -------------------------------------------------------------------------------------------------------- writing

    /** Refuses arrays that NumPy does not know. */
    static void requireKnown(NDArray array) {
        if (array.shape().rank() > MOST_AXES) {
            throw new IllegalArgumentException("write " + array.shape() + ": it has "
                    + array.shape().rank() + " axes, and arrays of NumPy have at most " + MOST_AXES + "; reshape it");
        }
    }

    /** What NumPy 2.4 writes before the elements of such an array, byte by byte. */
    static ByteBuffer of(NDArray array) {
        requireKnown(array);
        int[] lengths = array.shape().lengths();
        String header =
                "{'descr': '" + name(array.dtype()) + "', 'fortran_order': False, 'shape': " + python(lengths) + ", }";
        int growth =
                lengths.length == 0 ? 0 : GROWTH - String.valueOf(lengths[0]).length();
        int unpadded = START + Short.BYTES + header.length() + growth + 1;
        int length = (unpadded / ALIGNMENT + 1) * ALIGNMENT;
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - START - Short.BYTES));
        bytes.put(header.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.remaining() > 1) {
            bytes.put((byte) ' ');
        }
        return bytes.put((byte) '\n').flip();
    }

    private static String name(DType dtype) {
        return switch (dtype) {
            case F64 -> "<f8";
            case F32 -> "<f4";
            case I32 -> "<i4";
            case BOOL -> "|b1";
        };
    }

    private static String python(int[] lengths) {
        return lengths.length == 1
                ? "(" + lengths[0] + ",)"
                : Arrays.stream(lengths).mapToObj(String::valueOf).collect(joining(", ", "(", ")"));
    }
}
