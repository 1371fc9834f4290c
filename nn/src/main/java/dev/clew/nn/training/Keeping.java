package dev.clew.nn.training;

import java.nio.file.Path;
import java.time.Duration;

/** Where a run is kept, and how often. */
record Keeping(Path folder, Duration interval) {
    private static final String NAME = "training.safetensors";

    Path file() {
        return folder.resolve(NAME);
    }
}
