package dev.clew.examples.resume;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run has written of its steps. */
final class StepLines {
    private static final String SECONDS = "seconds";

    private StepLines() {}

    /** The last step that has a whole line; 0 if there is none. */
    static long last(Path folder) throws IOException {
        Path file = folder.resolve("steps.csv");
        String text = Files.exists(file) ? Files.readString(file) : "";
        List<String> whole =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        return whole.size() < 2
                ? 0
                : Long.parseLong(Splitter.on(',').splitToList(whole.getLast()).getFirst());
    }

    /** All lines of a file of metrics but for how long something took, which is another time in every run. */
    static List<List<String>> withoutTimes(Path file) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        int seconds = -1;
        for (String line : Files.readAllLines(file)) {
            List<String> fields = new ArrayList<>(Splitter.on(',').splitToList(line));
            seconds = rows.isEmpty() ? fields.indexOf(SECONDS) : seconds;
            fields.remove(seconds);
            rows.add(fields);
        }
        return rows;
    }
}
