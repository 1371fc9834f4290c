package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.NDArray;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of other formats, and folders: what is said tells what they are, and what to do. */
final class ForeignFilesTest {
    private static final String BY_TORCH = "; convert it in Python by torch.load and numpy.savez or"
            + " safetensors.torch.save_file: the Javadoc of the package dev.clew.nn.weight has the lines";
    private static final String BY_KERAS =
            "; convert it in Python by keras.models.load_model and numpy.savez: the Javadoc of"
                    + " the package dev.clew.nn.weight has the lines";

    @TempDir
    private Path folder;

    private static void refused(ThrowingCallable open, Path file, String because) {
        assertThatThrownBy(open)
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + file + ": " + because);
    }

    private Path zip(String name, String... entries) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String each : entries) {
                zip.putNextEntry(new ZipEntry(each));
                zip.write(7);
                zip.closeEntry();
            }
        }
        return file;
    }

    private Path bytes(String name, String hex) throws IOException {
        return Files.write(folder.resolve(name), HexFormat.of().parseHex(hex));
    }

    @Test
    void aModelOfPyTorchIsNamed() throws IOException {
        Path file = zip("model.pt", "model/data.pkl", "model/byteorder", "model/data/0", "model/version");
        String because = "it is a file of PyTorch, with the entry 'model/data.pkl', which is a pickle" + BY_TORCH;
        refused(() -> Npz.open(file), file, because);
        refused(() -> Safetensors.open(file), file, because);
        Path old = bytes("old.pt", "80028a0a6cfc9c46f9206aa850192e80024d");
        refused(() -> Safetensors.open(old), old, "it is a pickle, as PyTorch before 1.6 wrote it" + BY_TORCH);
    }

    @Test
    void aModelOfKerasIsNamed() throws IOException {
        Path file = zip("model.keras", "metadata.json", "config.json", "model.weights.h5");
        String because = "it is a file of Keras, with the entry 'model.weights.h5', which is HDF5" + BY_KERAS;
        refused(() -> Npz.open(file), file, because);
        refused(() -> Safetensors.open(file), file, because);
        Path bare = bytes("model.h5", "894844460d0a1a0a0000000000080800");
        refused(() -> Safetensors.open(bare), bare, "it is an HDF5 file, as Keras writes it" + BY_KERAS);
    }

    @Test
    void filesOfNumPyAreNamedWithWhoReadsThem() throws IOException {
        Path npz = folder.resolve("a.npz");
        Npz.write(npz, Map.of("a", NDArray.of(1.0)));
        refused(() -> Safetensors.open(npz), npz, "it is a zip file; it has arrays of NumPy, which Npz.open reads");
        Path npy = folder.resolve("a.npy");
        Npy.write(npy, NDArray.of(1.0));
        refused(() -> Safetensors.open(npy), npy, "it is an npy file of NumPy; Npy.read reads it");
    }

    @Test
    void otherZipFilesAndPointersAreNamed() throws IOException {
        Path zip = zip("a.zip", "readme.txt");
        refused(() -> Safetensors.open(zip), zip, "it is a zip file; safetensors files are none");
        Path empty = zip("empty.zip");
        refused(() -> Safetensors.open(empty), empty, "it is a zip file; safetensors files are none");
        Npz.open(zip).close(); // As before, it has no arrays.
        Path pointer = Files.write(
                folder.resolve("pointer"),
                "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8));
        refused(
                () -> Safetensors.open(pointer),
                pointer,
                "it is a text that begins as a pointer of Git LFS does; fetch the file: git lfs pull");
    }

    /** A zip file with arrays is read, whatever else is in it. */
    @Test
    void arraysBesideOtherEntriesAreNotRefused() throws IOException {
        Npz.open(zip("both.npz", "a.npy", "data.pkl")).close();
    }

    @Test
    void aFolderIsNamedWithTheFileInItThatIsMeant() throws IOException {
        refused(
                () -> Safetensors.open(folder),
                folder,
                "it is a folder; open a file in it, whose name ends in .safetensors.index.json or .safetensors");
        refused(() -> Npz.open(folder), folder, "it is a folder; open a file in it, whose name ends in .npz");
        refused(() -> Npy.read(folder), folder, "it is a folder; open a file in it, whose name ends in .npy");
        Path one = Files.createFile(folder.resolve("model-00001-of-00002.safetensors"));
        refused(() -> Safetensors.open(folder), folder, "it is a folder; open the file in it: " + one);
        Files.createFile(folder.resolve("model-00002-of-00002.safetensors"));
        refused(
                () -> Safetensors.open(folder),
                folder,
                "it is a folder; open a file in it, whose name ends in .safetensors.index.json or .safetensors");
        Path index = Files.createFile(folder.resolve("model.safetensors.index.json"));
        refused(() -> Safetensors.open(folder), folder, "it is a folder; open the file in it: " + index);
        Path npz = Files.createFile(folder.resolve("a.npz"));
        refused(() -> Npz.open(folder), folder, "it is a folder; open the file in it: " + npz);
        Path named = Files.createDirectory(folder.resolve("index.json"));
        refused(
                () -> Safetensors.open(named),
                named,
                "it is a folder; open a file in it, whose name ends in .safetensors.index.json");
    }
}
