package dev.clew.nn.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which command started this JVM. */
final class CommandLine {
    private static final Set<String> PATHS =
            Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path");

    private CommandLine() {}

    static String ofThisJvm() {
        ProcessHandle.Info info = ProcessHandle.current().info();
        Optional<String> command = info.command();
        Optional<String[]> arguments = info.arguments();
        if (command.isEmpty() || arguments.isEmpty()) {
            return "the same command again";
        }
        List<String> all = Arrays.asList(arguments.get());
        return Stream.concat(command.stream(), withoutPaths(all).stream())
                .map(CommandLine::quoted)
                .collect(Collectors.joining(" "));
    }

    /** A class path is long, and whoever gave it knows it. */
    private static List<String> withoutPaths(List<String> arguments) {
        List<String> brief = new ArrayList<>(arguments);
        for (int i = 1; i < brief.size(); i++) {
            if (PATHS.contains(brief.get(i - 1))) {
                brief.set(i, "...");
            }
        }
        return brief;
    }

    /** As a POSIX shell reads it. */
    private static String quoted(String word) {
        boolean isPlain = !word.isEmpty()
                && word.chars().allMatch(each -> Character.isLetterOrDigit(each) || "-_./=:,@+%".indexOf(each) >= 0);
        return isPlain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
