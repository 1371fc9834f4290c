package dev.clew.nn.training;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which command started this JVM. */
final class CommandLine {
    private CommandLine() {}

    static String ofThisJvm() {
        ProcessHandle.Info info = ProcessHandle.current().info();
        Optional<String> command = info.command();
        Optional<String[]> arguments = info.arguments();
        if (command.isEmpty() || arguments.isEmpty()) {
            return "the same command again";
        }
        List<String> all = Arrays.asList(arguments.get());
        return Stream.concat(command.stream(), all.stream())
                .map(CommandLine::quoted)
                .collect(Collectors.joining(" "));
    }

    /** As a POSIX shell reads it. */
    private static String quoted(String word) {
        boolean isPlain = !word.isEmpty() && word.chars().allMatch(each -> Character.isLetterOrDigit(each) || "-_./=:,@+%".indexOf(each) >= 0);
        return isPlain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
