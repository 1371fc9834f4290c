package dev.clew.io;

import com.google.common.io.BaseEncoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Files of other formats that are taken for one of those that are read here: what they are, and what helps. */
final class ForeignFile {
    /** What begins a zip file, one without entries, and others, in hexadecimal digits. */
    private static final String ZIP = "504b0304";

    private static final String EMPTY_ZIP = "504b0506";
    private static final String NPY = "934e554d5059";
    private static final String HDF5 = "894844460d0a1a0a";
    /** PyTorch's own number, pickled: before 1.6 it was no zip file. */
    private static final String PICKLE = "80028a0a6cfc9c46";

    private static final String POINTER = BaseEncoding.base16()
            .lowerCase()
            .encode("version https://git-lfs".getBytes(StandardCharsets.UTF_8))
            .substring(0, 2 * Long.BYTES);

    private static final String LINES = ": the Javadoc of the package dev.clew.nn.weight has the lines";
    private static final String BY_TORCH =
            "convert it in Python by torch.load and numpy.savez or safetensors.torch.save_file" + LINES;
    private static final String BY_KERAS = "convert it in Python by keras.models.load_model and numpy.savez" + LINES;

    private ForeignFile() {}

    /** Refuses a file that is no safetensors file if its first bytes tell what it is. */
    static void refuseKnown(Path file, FileChannel channel, ByteBuffer first) throws IOException {
        byte[] bytes = new byte[Long.BYTES];
        first.get(0, bytes);
        String start = BaseEncoding.base16().lowerCase().encode(bytes);
        if (start.startsWith(ZIP) || start.startsWith(EMPTY_ZIP)) {
            refuseZip(file, channel);
        } else if (start.startsWith(NPY)) {
            throw new UnreadableFileException(file, "it is an npy file of NumPy", "Npy.read reads it");
        } else if (start.equals(HDF5)) {
            throw new UnreadableFileException(file, "it is an HDF5 file, as Keras writes it", BY_KERAS);
        } else if (start.equals(PICKLE)) {
            throw new UnreadableFileException(file, "it is a pickle, as PyTorch before 1.6 wrote it", BY_TORCH);
        } else if (start.equals(POINTER)) {
            throw new UnreadableFileException(
                    file, "it is a text that begins as a pointer of Git LFS does", "fetch the file: git lfs pull");
        }
    }

    private static void refuseZip(Path file, FileChannel channel) throws IOException {
        Set<String> entries = ZipDirectory.read(file, channel).keySet();
        refuseModel(file, entries);
        throw new UnreadableFileException(
                file,
                "it is a zip file",
                entries.stream().anyMatch(ForeignFile::isArray)
                        ? "it has arrays of NumPy, which Npz.open reads"
                        : "safetensors files are none");
    }

    /** Whether an entry of a zip file is an array of NumPy. */
    static boolean isArray(String entry) {
        return entry.endsWith(Npz.ENDING);
    }

    /** Refuses a zip file that has no arrays of NumPy, but those of a model of PyTorch or Keras. */
    static void refuseModel(Path file, Set<String> entries) throws UnreadableFileException {
        if (entries.stream().anyMatch(ForeignFile::isArray)) {
            return;
        }
        Optional<String> pickle = entries.stream()
                .filter(each -> each.equals("data.pkl") || each.endsWith("/data.pkl"))
                .findFirst();
        if (pickle.isPresent()) {
            throw model(file, "PyTorch", pickle.get(), "a pickle", BY_TORCH);
        }
        Optional<String> weights = entries.stream()
                .filter(each -> each.toLowerCase(Locale.ROOT).endsWith(".weights.h5"))
                .findFirst();
        if (weights.isPresent()) {
            throw model(file, "Keras", weights.get(), "HDF5", BY_KERAS);
        }
    }

    private static UnreadableFileException model(Path file, String framework, String entry, String is, String rule) {
        return new UnreadableFileException(
                file,
                "it is a file of " + framework + ", with the entry " + HeaderReader.shown(entry) + ", which is " + is,
                rule);
    }
}
