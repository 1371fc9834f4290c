package dev.clew.examples.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a case, which may all be one.
 *
 * @param weights by their names
 * @param gradients {@code NAME} or {@code dNAME}; in one file for all, {@code dNAME}
 * @param data inputs, targets, initial states, mask or lengths
 * @param adjoints {@code dh}, of every step
 * @param activations {@code h}, of every step, and {@code loss}
 * @param second gradients of a second call of the same code
 */
record CaseFiles(
        Source weights,
        Source gradients,
        Source data,
        Optional<Source> adjoints,
        Optional<Source> activations,
        Optional<Source> second) {
    /**
     * A file.
     *
     * @param isShared whether it has other things too, so that a gradient is there as {@code dNAME} alone
     */
    record Source(NamedArrays arrays, boolean isShared) {}

    /** The paths of the options. */
    record Paths(
            Optional<Path> all,
            Optional<Path> weights,
            Optional<Path> gradients,
            Optional<Path> data,
            Optional<Path> adjoints,
            Optional<Path> activations,
            Optional<Path> second) {
        /** No file at all. */
        static final Paths NONE = new Paths(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Reads all of them.
     *
     * @throws IllegalArgumentException if one that is needed is not named
     * @throws IOException if one cannot be read
     */
    static CaseFiles read(Paths paths) throws IOException {
        Optional<Source> all = read(paths.all, true);
        return new CaseFiles(
                needed("--weights", paths.weights, all),
                needed("--gradients", paths.gradients, all),
                needed("--data", paths.data, all),
                read(paths.adjoints, false).or(() -> all),
                read(paths.activations, false).or(() -> all),
                read(paths.second, false));
    }

    private static Optional<Source> read(Optional<Path> path, boolean isShared) throws IOException {
        return path.isEmpty() ? Optional.empty() : Optional.of(new Source(NamedArrays.read(path.get()), isShared));
    }

    private static Source needed(String option, Optional<Path> path, Optional<Source> all) throws IOException {
        return read(path, false)
                .or(() -> all)
                .orElseThrow(() -> new IllegalArgumentException(option
                        + " is not there: an audit needs --model, --loss, --weights, --gradients and --data, or --file for all"
                        + " arrays in one file"));
    }
}
