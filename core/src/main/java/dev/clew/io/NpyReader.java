package dev.clew.io;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads an npy file, or one that is an entry of another.
 *
 * @param tensor what errors call the array
 */
record NpyReader(Path file, String tensor, NpySource source) {
    NDArray read() throws IOException {
        NpyHeader header = NpyHeader.read(file, tensor, source);
        ElementType element = header.type()
                .element()
                .orElseThrow(() -> new UnreadableFileException(
                        file, tensor + " is " + header.kind(), header.type().rule()));
        requireSize(header, element);
        ElementDecoder decoder = new ElementDecoder(
                file,
                element,
                header.type().order(),
                tensor,
                header.kind(),
                at -> String.valueOf(header.isFortran() ? byRows(header.lengths(), at) : at));
        Shape shape = decoder.shape(header.isFortran() ? header.lengths().reverse() : header.lengths());
        source.requireWhole();
        NDArray read = decoder.read(shape, source);
        source.requireUnchanged();
        return header.isFortran() ? reversed(read) : read;
    }

    private void requireSize(NpyHeader header, ElementType element) throws UnreadableFileException {
        long needed = header.bytes(file, tensor, element.bytes());
        long there = source.length() - header.begin();
        if (needed != there) {
            throw new UnreadableFileException(
                    file,
                    tensor + ", " + header.kind() + ", has " + there + " bytes after its header; it needs " + needed,
                    needed > there ? "it is cut off" : "nothing may follow the last element");
        }
    }

    /** Of elements with the first index fastest, as many before one when the last index is fastest. */
    private static long byRows(List<Long> lengths, int at) {
        long left = at;
        long place = 0;
        long stride = 1;
        for (long length : lengths) {
            stride *= length;
        }
        for (long length : lengths) {
            stride /= length;
            place += left % length * stride;
            left /= length;
        }
        return place;
    }

    /** A view of the same numbers, with the axes in the opposite order. */
    private static NDArray reversed(NDArray array) {
        int rank = array.shape().rank();
        return array.permute(
                IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray());
    }
}
