package dev.clew.examples.onnx;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.decode.Decoder;
import dev.clew.nn.decode.Sampler;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Two who write names letter by letter with the same keys: Clew, and onnxruntime with the step that was written for it. */
final class Writers {
    private static final int LONGEST = 16;
    private static final int TURNS = 9;
    private static final int READ = 50;

    private final Vocabulary letters;
    private final Letters model;
    private final int names;
    private final RandomKey key;
    private final Decoder<Lstm.State> clew;
    private final Decoder<Lstm.State> runtime;

    Writers(Vocabulary letters, Letters model, RuntimeSession step, int names, RandomKey key) {
        this.letters = letters;
        this.model = model;
        this.names = names;
        this.key = key;
        this.clew = Decoder.of(model::step);
        this.runtime = Decoder.of((letter, state) -> step(step, letter, state));
    }

    /** A step whose numbers onnxruntime has computed. */
    private static Cell.Out<Lstm.State> step(RuntimeSession session, Tensor letter, Lstm.State state) {
        Map<String, NDArray> out = session.run(Map.of(
                "letter", letter.value(),
                "h", state.h().value(),
                "c", state.c().value()));
        return new Cell.Out<>(of(out, "logits"), new Lstm.State(of(out, "next h"), of(out, "next c")));
    }

    private static Tensor of(Map<String, NDArray> arrays, String name) {
        return Tensor.of(Objects.requireNonNull(arrays.get(name), name));
    }

    /** What Clew writes. */
    List<String> clew() {
        return written(clew);
    }

    /** What onnxruntime writes. */
    List<String> runtime() {
        return written(runtime);
    }

    /** A name for each key: letters until one says that it is the last. */
    private List<String> written(Decoder<Lstm.State> decoder) {
        int start = letters.index(Vocabulary.Token.START);
        int end = letters.index(Vocabulary.Token.END);
        Sampler sampler = Sampler.create().withTemperature(0.8);
        Decoder.Reading<Lstm.State> begun =
                decoder.read(new int[] {start}, model.cell().start(1));
        return IntStream.range(0, names)
                .mapToObj(number -> letters.decode(decoder.write(begun, sampler, key.fold(number))
                        .mapToInt(Decoder.Drawn::token)
                        .takeWhile(token -> token != end)
                        .limit(LONGEST)
                        .toArray()))
                .toList();
    }

    /**
     * How long a step takes: a letter is read, and there are logits for the next.
     *
     * @param clew median, in microseconds
     * @param runtime the same of onnxruntime, numbers copied there and back
     */
    record Times(double clew, double runtime) {}

    /** Medians of turns, one after the other. As many turns before them, in which the JVM compiles, do not count. */
    Times times() {
        double[] ofClew = new double[TURNS];
        double[] ofRuntime = new double[TURNS];
        for (int turn = -TURNS; turn < TURNS; turn++) {
            ofClew[Math.max(turn, 0)] = microseconds(clew);
            ofRuntime[Math.max(turn, 0)] = microseconds(runtime);
        }
        return new Times(median(ofClew), median(ofRuntime));
    }

    private static double median(double[] each) {
        Arrays.sort(each);
        return each[each.length / 2];
    }

    private double microseconds(Decoder<Lstm.State> decoder) {
        int[] read = IntStream.range(0, READ).map(i -> i % letters.size()).toArray();
        long begun = System.nanoTime();
        decoder.read(read, model.cell().start(1));
        return (System.nanoTime() - begun) / 1e3 / READ;
    }
}
