package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.io.Safetensors;
import dev.clew.io.UnreadableFileException;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was reached is in the file, and comes back whole or not at all. */
class SnapshotTest {
    record Model(RnnCell cell, Linear head) {
        static Model create(long seed) {
            return create(seed, 3);
        }

        static Model create(long seed, int units) {
            RandomKey key = RandomKey.of(seed);
            return new Model(RnnCell.create(2, units, key.fold(0)), Linear.create(units, 1, key.fold(1)));
        }

        Tensor loss() {
            Tensor h = cell.start(1);
            for (int t = 0; t < 3; t++) {
                h = cell.next(Tensor.of(NDArray.of(new double[][] {{t, 1 - t}})), h);
            }
            return head.of(h).minus(1).square().sum();
        }

        Map<String, NDArray> numbers() {
            Map<String, NDArray> numbers = new HashMap<>();
            Parameters.named(this).forEach((name, each) -> numbers.put(name, each.value()));
            return numbers;
        }
    }

    record Renamed(RnnCell encoder, Linear head) {}

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("model.safetensors");
    }

    // ---------------------------------------------------------------------------------------------------- the round
    // trip

    @Test
    void allThatWasReachedComesBack() throws IOException {
        Model model = Model.create(1);
        Adam adam = Adam.of(model, 0.1);
        adam.step(model.loss());
        NDArray order = NDArray.of(new int[] {3, 1, 2});
        Snapshot.of(model, adam)
                .with("vocabulary", "aä🧵\n\"")
                .with("step", "1")
                .with("order", order)
                .with("step", "2")
                .write(file());
        Snapshot read = Snapshot.read(file());
        assertThat(read.parameters()).isEqualTo(model.numbers());
        assertThat(read.optimizer()).containsOnlyKeys(adam.state().keySet());
        adam.state()
                .forEach((name, each) -> assertThat(read.optimizer().get(name)).isEqualTo(each.value()));
        assertThat(read.arrays()).isEqualTo(Map.of("order", order));
        assertThat(read.array("order")).isEqualTo(order);
        assertThat(read.texts()).isEqualTo(Map.of("vocabulary", "aä🧵\n\"", "step", "2"));
        assertThat(read.text("vocabulary")).isEqualTo("aä🧵\n\"");
        assertThat(read.summary()).isEqualTo(Parameters.summary(model));
        assertThat(read.toString())
                .startsWith("Snapshot of 5 parameters, ")
                .contains("arrays [order], texts [")
                .contains("vocabulary");
    }

    /** A foreign reader finds the parameters under their own names. */
    @Test
    void theFileIsPlainSafetensors() throws IOException {
        Model model = Model.create(1);
        Snapshot.of(model, Adam.of(model, 0.1)).with("more", NDArray.of(1)).write(file());
        try (Safetensors open = Safetensors.open(file())) {
            assertThat(open.read("cell.wx")).isEqualTo(model.cell.wx().value());
            assertThat(open.names()).contains("head.bias", "optimizer/adam.m.cell.wx", "array/more");
            assertThat(open.metadata()).containsEntry("clew.format", "1").containsKey("clew.crc32c");
        }
    }

    @Test
    void trainingGoesOnToTheSameBits() throws IOException {
        Model model = Model.create(1);
        Adam adam = Adam.of(model, 0.1);
        for (int i = 0; i < 3; i++) {
            adam.step(model.loss());
        }
        Snapshot.of(model, adam).write(file());
        for (int i = 0; i < 3; i++) {
            adam.step(model.loss());
        }
        Model other = Model.create(2);
        Adam second = Adam.of(other, 0.1);
        Snapshot.read(file()).load(other, second);
        for (int i = 0; i < 3; i++) {
            second.step(other.loss());
        }
        assertThat(other.numbers()).isEqualTo(model.numbers());
    }

    @Test
    void aSnapshotDoesNotChangeWhenTrainingGoesOn() {
        Model model = Model.create(1);
        Snapshot before = Snapshot.of(model);
        Map<String, NDArray> numbers = model.numbers();
        Sgd.of(model, 0.5).step(model.loss());
        assertThat(before.parameters()).isEqualTo(numbers).isNotEqualTo(model.numbers());
        assertThat(before.optimizer()).isEmpty();
    }

    @Test
    void whatIsNotThereIsNamedWithTheNearest() {
        Snapshot snapshot =
                Snapshot.of(Model.create(1)).with("vocabulary", "ab").with("order", NDArray.of(1));
        assertThatThrownBy(() -> snapshot.text("vocabluary"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("text 'vocabluary' of a snapshot: there is none of that name; did you mean 'vocabulary'?"
                        + " The names are [vocabulary]");
        assertThatThrownBy(() -> snapshot.array("key"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("array 'key' of a snapshot: there is none of that name. The names are [order]");
    }

    @Test
    void namesOfItsOwnAreKept() {
        Snapshot snapshot = Snapshot.of(Model.create(1));
        assertThatThrownBy(() -> snapshot.with("clew.format", "7"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("with 'clew.format': names that begin with 'clew.' are those of what a snapshot says of"
                        + " itself; name it otherwise");
        assertThatThrownBy(() -> Snapshot.of(Map.of("array/w", Parameter.of(1.0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "is named as other arrays are, which begin with 'optimizer/' or 'array/'; rename it");
        assertThatThrownBy(() -> snapshot.with("text", "\ud800").write(file()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("write: the text of 'text' has half of a surrogate pair");
        assertThat(file()).doesNotExist();
    }

    // ------------------------------------------------------------------------------------------------------------
    // loading

    @Test
    void loadingSaysWhatItHasDone() {
        Model model = Model.create(1);
        Model other = Model.create(2);
        assertThat(Snapshot.of(model).load(other))
                .isEqualTo(
                        new Snapshot.Loaded(List.copyOf(Parameters.named(model).keySet()), List.of(), List.of()));
        assertThat(other.numbers()).isEqualTo(model.numbers());
    }

    @Test
    void allDifferencesAreListedAndNothingChanges() {
        Snapshot snapshot = Snapshot.of(Map.of(
                "wide", Parameter.zeros(DType.F64, 2, 3),
                "single", Parameter.zeros(DType.F32, 2),
                "weigth", Parameter.of(1.0),
                "same", Parameter.of(2.0),
                "entirely.else", Parameter.of(3.0)));
        Parameter same = Parameter.of(5.0);
        Map<String, Parameter> model = Map.of(
                "wide", Parameter.zeros(DType.F64, 3, 2),
                "single", Parameter.zeros(DType.F64, 2),
                "weight", Parameter.of(1.0),
                "same", same);
        assertThatThrownBy(() -> snapshot.load(model))
                .isInstanceOf(IllegalArgumentException.class)
                .extracting(Throwable::getMessage)
                .satisfies(message -> assertThat(message.lines().toList())
                        .containsExactlyInAnyOrder(
                                "load into " + model.getClass().getName()
                                        + ": nothing was loaded, since there are 5 differences",
                                "  weight: not in the snapshot; is it 'weigth'?",
                                "  entirely.else: only in the snapshot",
                                "  weigth: only in the snapshot; is it 'weight'?",
                                "  wide: (2, 3) f64 in the snapshot, (3, 2) f64 in the model",
                                "  single: (2) f32 in the snapshot, (2) f64 in the model",
                                "loadPart loads what fits by name, renamed gives the snapshot with other names"));
        assertThat(same.version()).isZero();
        assertThat(same.value().item()).isEqualTo(5);
    }

    @Test
    void whatAnotherOptimizerKeepsIsADifference() {
        Model model = Model.create(1);
        Snapshot ofSgd = Snapshot.of(model, Sgd.of(model, 0.1));
        Adam adam = Adam.of(model, 0.1);
        assertThatThrownBy(() -> ofSgd.load(model, adam))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\n  optimizer/adam.m.cell.wx: not in the snapshot\n");
        Snapshot ofAdam = Snapshot.of(model, adam);
        assertThatThrownBy(() -> ofAdam.load(model, Sgd.of(model, 0.1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\n  optimizer/adam.m.cell.wx: only in the snapshot\n");
        assertThat(ofAdam.load(Model.create(2)).unused()).isEmpty();
    }

    @Test
    void aPartIsLoadedAndTheOthersStay() {
        Model model = Model.create(1);
        Model other = Model.create(2);
        Map<String, NDArray> before = other.numbers();
        assertThat(Snapshot.of(model).loadPart(other, "cell.*"))
                .isEqualTo(new Snapshot.Loaded(
                        List.of("cell.wx", "cell.wh", "cell.b"), List.of(), List.of("head.bias", "head.weight")));
        assertThat(other.cell.wx().value()).isEqualTo(model.cell.wx().value());
        assertThat(other.head.weight().value()).isEqualTo(before.get("head.weight"));

        record Longer(RnnCell cell, Linear head, Parameter extra) {}
        Longer longer = new Longer(Model.create(3).cell, Model.create(3, 5).head, Parameter.of(7.0));
        assertThat(Snapshot.of(model).loadPart(longer, "cell.*", "extra"))
                .isEqualTo(new Snapshot.Loaded(
                        List.of("cell.wx", "cell.wh", "cell.b"),
                        List.of("extra"),
                        List.of("head.bias", "head.weight")));
        assertThat(longer.extra.value().item()).isEqualTo(7);
        assertThatThrownBy(() -> Snapshot.of(model).loadPart(longer, "*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "nothing was loaded, since there is 1 difference\n  head.weight: (3, 1) f64 in the snapshot,"
                                + " (5, 1) f64 in the model\n");
    }

    @Test
    void aPatternThatNothingMatchesIsRefused() {
        Model model = Model.create(1);
        assertThatThrownBy(() -> Snapshot.of(model).loadPart(model, "cell.*", "body.*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loadPart 'body.*' into " + Model.class.getName()
                        + ": no parameter matches. The names are [cell.wx, cell.wh, cell.b, head.weight, head.bias]");
        Renamed renamed = new Renamed(model.cell, model.head);
        assertThatThrownBy(() -> Snapshot.of(model).loadPart(renamed, "encoder.*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loadPart into " + Renamed.class.getName()
                        + ": the snapshot has none of [encoder.wx, encoder.wh, encoder.b], but [cell.wx, cell.wh,"
                        + " cell.b, head.weight, head.bias]; renamed gives it with other names");
    }

    @Test
    void partsMayBeRenamed() {
        Model model = Model.create(1);
        Renamed renamed = new Renamed(Model.create(2).cell, Model.create(2).head);
        Adam adam = Adam.of(model, 0.1);
        adam.step(model.loss());
        Adam other = Adam.of(renamed, 0.1);
        Snapshot snapshot = Snapshot.of(model, adam);
        assertThat(snapshot.renamed("cell.*", "encoder.*").load(renamed).loaded())
                .hasSize(5);
        snapshot.renamed("cell.*", "encoder.*")
                .renamed("optimizer/*.cell.*", "optimizer/*.encoder.*")
                .load(renamed, other);
        assertThat(renamed.encoder.wh().value()).isEqualTo(model.cell.wh().value());
        assertThat(Parameters.of(other.state(), "adam.v.encoder.wh", "kept").value())
                .isEqualTo(Parameters.of(adam.state(), "adam.v.cell.wh", "kept").value());
        assertThat(snapshot.renamed("*.w*", "w*.of.*").parameters())
                .containsKeys("wcell.of.x", "wcell.of.h", "whead.of.eight", "cell.b", "head.bias");
    }

    @Test
    void renamesThatGoNowhereAreRefused() {
        Snapshot snapshot = Snapshot.of(Model.create(1));
        assertThatThrownBy(() -> snapshot.renamed("body.*", "cell.*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("renamed from 'body.*' to 'cell.*': there is none. The names are [cell.wx, cell.wh, cell.b,"
                        + " head.weight, head.bias]");
        assertThatThrownBy(() -> snapshot.renamed("cell.*", "encoder"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("renamed from 'cell.*' to 'encoder': there are 1 stars and 0; each stands for what the same"
                        + " one of the other does");
        assertThatThrownBy(() -> snapshot.renamed("cell.b", "head.bias"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("renamed from 'cell.b' to 'head.bias': two would be named 'head.bias'; use a narrower"
                        + " pattern");
    }

    /** Both numbers are equal in every snapshot that is loaded, and so in whatever is read at one moment. */
    @Test
    void otherThreadsSeeAllOfItOrNothing() throws InterruptedException {
        Parameter a = Parameter.of(0.0);
        Parameter b = Parameter.of(0.0);
        Map<String, Parameter> model = Map.of("a", a, "b", b);
        AtomicBoolean goesOn = new AtomicBoolean(true);
        Thread loader = Thread.ofPlatform().start(() -> {
            for (int i = 0; goesOn.get(); i++) {
                Snapshot.of(Map.of("a", Parameter.of((double) i), "b", Parameter.of((double) i)))
                        .load(model);
            }
        });
        try {
            for (int i = 0; i < 2000; i++) {
                Map<String, NDArray> seen = Snapshot.of(model).parameters();
                assertThat(seen.get("a")).isEqualTo(seen.get("b"));
            }
        } finally {
            goesOn.set(false);
            loader.join();
        }
        assertThat(a.version()).isPositive();
    }

    // ---------------------------------------------------------------------------------------------- files of other
    // kinds

    private void refused(String because) {
        assertThatThrownBy(() -> Snapshot.read(file()))
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + file() + ": " + because);
    }

    @Test
    void filesOfOtherProgramsAreRefusedAndCanBeReadAsWeights() throws IOException {
        Model model = Model.create(1);
        Safetensors.write(file(), model.numbers(), Map.of("format", "pt"));
        refused("it is no snapshot, but a safetensors file of another program, without 'clew.format';"
                + " Snapshot.readWeights takes its arrays as parameters, and Safetensors reads any");
        Model other = Model.create(2);
        Snapshot weights = Snapshot.readWeights(file());
        weights.load(other);
        assertThat(other.numbers()).isEqualTo(model.numbers());
        assertThat(weights.texts()).isEqualTo(Map.of("format", "pt"));
        assertThat(weights.summary()).isEmpty();

        Snapshot.of(model).with("step", "3").write(file());
        assertThat(Snapshot.readWeights(file()).texts()).isEqualTo(Map.of("step", "3"));
        Files.writeString(file(), "a picture, say");
        assertThatThrownBy(() -> Snapshot.read(file())).isExactlyInstanceOf(UnreadableFileException.class);
    }

    @Test
    void newerAndUnknownFormatsAreRefused() throws IOException {
        Map<String, NDArray> numbers = Map.of("w", NDArray.of(1.0));
        Safetensors.write(file(), numbers, Map.of("clew.format", "2"));
        refused("it is a snapshot of format 2, which a newer version has written; this one reads formats up to 1; read"
                + " it with the newer one");
        for (String bad : List.of("0", "-1", "1.0", "", "01", "99999999999")) {
            Safetensors.write(file(), numbers, Map.of("clew.format", bad));
            refused("its 'clew.format' is '" + bad + "'; it must be a number, 1 or more; it was altered");
        }
    }

    /** Whatever is in the file, in other hands it has not become another model. */
    @Test
    void alteredContentIsRefused() throws IOException {
        Snapshot.of(Map.of("v", Parameter.of(new double[] {1, 2}), "w", Parameter.of(3.0)))
                .with("step", "1")
                .write(file());
        Map<String, NDArray> arrays;
        Map<String, String> texts;
        try (Safetensors open = Safetensors.open(file())) {
            arrays = open.readAll();
            texts = open.metadata();
        }
        Safetensors.write(file(), arrays, texts);
        assertThat(Snapshot.read(file()).text("step")).isEqualTo("1");

        altered(arrays, with(texts, "step", "2"));
        altered(arrays, with(texts, "stop", "1"));
        altered(arrays, with(texts, "clew.summary", ""));
        altered(arrays, with(texts, "clew.crc32c", "00000000"));
        altered(with(arrays, "w", NDArray.of(Math.nextUp(3.0))), texts);
        altered(with(arrays, "u", NDArray.of(3.0)), texts);
        altered(with(arrays, "v", NDArray.of(new double[][] {{1, 2}})), texts);
        altered(with(arrays, "v", NDArray.of(new double[] {1, 2, 3})), texts);
        Map<String, String> without = new HashMap<>(texts);
        without.remove("clew.crc32c");
        altered(arrays, without);
    }

    private static <T> Map<String, T> with(Map<String, T> all, String name, T value) {
        Map<String, T> changed = new HashMap<>(all);
        changed.put(name, value);
        return changed;
    }

    private void altered(Map<String, NDArray> arrays, Map<String, String> texts) throws IOException {
        Safetensors.write(file(), arrays, texts);
        assertThatThrownBy(() -> Snapshot.read(file()))
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessageContaining("read " + file() + ": its checksum is ")
                .hasMessageEndingWith("numbers, names or texts were altered after it was written; take an earlier one");
    }

    @Test
    void everyCutAndEveryBitThatIsTurnedIsRefusedOrChangesNothing() throws IOException {
        Snapshot written = Snapshot.of(Map.of("w", Parameter.of(new float[] {1, 2})));
        written.write(file());
        byte[] bytes = Files.readAllBytes(file());
        for (int length = 0; length < bytes.length; length += length < bytes.length - 20 ? 7 : 1) {
            Files.write(file(), Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Snapshot.read(file())).isExactlyInstanceOf(UnreadableFileException.class);
        }
        int harmless = 0;
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= (byte) (1 << at % 8);
            Files.write(file(), changed);
            harmless += isRefused() ? 0 : 1;
        }
        assertThat(harmless).isLessThan(9); // Blanks at the end of the header, which may be other blanks.
    }

    private boolean isRefused() throws IOException {
        try {
            assertThat(Snapshot.read(file()).parameters().get("w")).isEqualTo(NDArray.of(new float[] {1, 2}));
            return false;
        } catch (UnreadableFileException error) {
            return true;
        }
    }

    @Test
    void emptyShapesAndEmptyNamesAreNoExceptions() throws IOException {
        Snapshot.of(Map.of("w", Parameter.zeros(DType.F32, 0, 3)))
                .with("none", NDArray.of(new int[0]))
                .with("", NDArray.of(true))
                .with("", "")
                .write(file());
        Snapshot read = Snapshot.read(file());
        assertThat(read.parameters()).isEqualTo(Map.of("w", NDArray.full(0, DType.F32, Shape.of(0, 3))));
        assertThat(read.array("none").shape()).isEqualTo(Shape.of(0));
        assertThat(read.array("")).isEqualTo(NDArray.of(true));
        assertThat(read.text("")).isEmpty();
    }
}
