package dev.clew.examples.byhand;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * A twin with a mistake put into its source, compiled and loaded beside the right one.
 *
 * <p>All classes of the package are compiled anew, so that the copy is complete in itself and its class loader needs
 * nothing of ours; values cross the border record by record, array by array.
 */
final class MutatedTwin implements AutoCloseable {
    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", ""), "src/main/java/dev/clew/examples/byhand");

    private final URLClassLoader loader;
    private final Method gradient;

    private MutatedTwin(URLClassLoader loader, Method gradient) {
        this.loader = loader;
        this.gradient = gradient;
    }

    /**
     * The twin, with {@code snippet} of the package's source {@code file} replaced.
     *
     * @throws IllegalArgumentException if the snippet is not in the file exactly once
     */
    static MutatedTwin of(Class<?> twin, String file, String snippet, String replacement, Path empty)
            throws IOException, ReflectiveOperationException {
        String source = Files.readString(SOURCES.resolve(file));
        int at = source.indexOf(snippet);
        if (at < 0 || source.indexOf(snippet, at + 1) >= 0) {
            throw new IllegalArgumentException("not exactly once in " + file + ": " + snippet);
        }
        Path mutated = Files.createDirectories(empty.resolve("source")).resolve(file);
        Files.writeString(mutated, source.substring(0, at) + replacement + source.substring(at + snippet.length()));

        Path classes = Files.createDirectories(empty.resolve("classes"));
        compile(mutated, classes);
        // No parent: the platform's loader would find the package in our module, and with it the twin without a
        // mistake.
        URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
        return new MutatedTwin(loader, gradientOf(loader.loadClass(twin.getName())));
    }

    /** The method {@code gradient} of a twin, mutated or not. */
    static Method gradientOf(Class<?> twin) {
        return Arrays.stream(twin.getMethods())
                .filter(method -> method.getName().equals("gradient"))
                .findAny()
                .orElseThrow();
    }

    private static void compile(Path mutated, Path classes) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-d", classes.toString(), "-encoding", "UTF-8", "-proc:none", "-nowarn"));
        arguments.add(mutated.toString());
        try (Stream<Path> files = Files.list(SOURCES)) {
            files.filter(path -> !path.endsWith(mutated.getFileName()) && !path.endsWith("package-info.java"))
                    .map(Path::toString)
                    .forEach(arguments::add);
        }
        StringWriter messages = new StringWriter();
        PrintWriter writer = new PrintWriter(messages);
        int exit = ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new IllegalArgumentException("the mutated source does not compile: " + messages);
        }
    }

    /** The mutated twin's gradient for the arguments of the right one. */
    Gradient gradient(Object... arguments) throws ReflectiveOperationException {
        Object[] theirs = new Object[arguments.length];
        for (int i = 0; i < theirs.length; i++) {
            theirs[i] = toTheirs(arguments[i]);
        }
        return ours(gradient.invoke(null, theirs));
    }

    private Object toTheirs(Object ours) throws ReflectiveOperationException {
        return switch (ours) {
            case Enum<?> constant ->
                loader.loadClass(constant.getDeclaringClass().getName())
                        .getMethod("valueOf", String.class)
                        .invoke(null, constant.name());
            case Record record -> {
                RecordComponent[] components = record.getClass().getRecordComponents();
                Class<?>[] types = new Class<?>[components.length];
                Object[] values = new Object[components.length];
                for (int i = 0; i < values.length; i++) {
                    types[i] = components[i].getType();
                    values[i] = components[i].getAccessor().invoke(record);
                }
                yield loader.loadClass(record.getClass().getName())
                        .getConstructor(types)
                        .newInstance(values);
            }
            default -> ours;
        };
    }

    @SuppressWarnings("unchecked") // Gradient declares this map
    private static Gradient ours(Object theirs) throws ReflectiveOperationException {
        return new Gradient(
                (double) get(theirs, "loss"),
                (double[]) get(theirs, "lossPerStep"),
                (Map<String, double[][]>) get(theirs, "parameters"),
                (double[][]) get(theirs, "hidden"),
                (double[]) get(theirs, "initialState"));
    }

    private static Object get(Object theirs, String component) throws ReflectiveOperationException {
        return theirs.getClass().getMethod(component).invoke(theirs);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
