package dev.clew.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program as a user would run it: the source file alone, with the modules on the class path. */
final class SourceFile {
    private SourceFile() {}

    /** The command that runs it in a JVM of its own. */
    static List<String> command(List<String> options, Path source, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.real.class.path", System.getProperty("java.class.path"))
                + System.getProperty("path.separator")
                + System.getProperty("jdk.module.path", ""));
        command.add(source.toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
