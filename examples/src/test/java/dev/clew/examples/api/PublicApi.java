package dev.clew.examples.api;

import dev.clew.nn.Parameters;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a user's program can see of the library, by reflection. */
final class PublicApi {
    private PublicApi() {}

    /** Public types of exported packages, nested in nothing that is not public. */
    static List<Class<?>> types() {
        return Stream.of(Tensor.class, Parameters.class)
                .flatMap(PublicApi::module)
                .filter(PublicApi::isSeen)
                .sorted(Comparator.comparing(Class::getName))
                .toList();
    }

    private static boolean isSeen(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isSeen(type.getEnclosingClass()));
    }

    /** All classes in packages that the module of one exports to all; it is a folder or a jar. */
    private static Stream<Class<?>> module(Class<?> one) {
        try {
            Path place = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                return classes(place).stream();
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return classes(jar.getPath("/")).stream();
            }
        } catch (IOException | URISyntaxException | ClassNotFoundException error) {
            throw new IllegalStateException(error);
        }
    }

    private static Set<String> exported(Path root) throws IOException {
        try (InputStream descriptor = Files.newInputStream(root.resolve("module-info.class"))) {
            return ModuleDescriptor.read(descriptor).exports().stream()
                    .filter(each -> !each.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
    }

    private static List<Class<?>> classes(Path root) throws IOException, ClassNotFoundException {
        List<Class<?>> all = new ArrayList<>();
        Set<String> exported = exported(root);
        try (Stream<Path> files = Files.walk(root)) {
            for (String file :
                    files.map(each -> root.relativize(each).toString()).toList()) {
                String name = file.replace(".class", "").replaceAll("[/\\\\]", ".");
                if (file.endsWith(".class")
                        && exported.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
                    all.add(Class.forName(name, false, PublicApi.class.getClassLoader()));
                }
            }
        }
        return all;
    }

    /** Public constructors and methods of a type that take something by reference. */
    static List<Executable> entries(Class<?> type) {
        return Stream.<Executable>concat(Arrays.stream(type.getConstructors()), Arrays.stream(type.getMethods()))
                .filter(each -> !each.isSynthetic() && isOf(type, each))
                .filter(each -> Arrays.stream(each.getParameterTypes()).anyMatch(given -> !given.isPrimitive()))
                .sorted(Comparator.comparing(Executable::toGenericString))
                .toList();
    }

    /** Methods of a public supertype are that one's; those of one that is not public are seen only here. */
    private static boolean isOf(Class<?> type, Executable each) {
        Class<?> declared = each.getDeclaringClass();
        return declared == type || (declared != Object.class && !Modifier.isPublic(declared.getModifiers()));
    }

    /** What calls it, with all arguments in one array, the first of which it is called on if it is not static. */
    static MethodHandle handle(Class<?> type, Executable entry) {
        MethodHandle handle = found(type, entry).asFixedArity();
        return handle.asType(handle.type().generic())
                .asSpreader(Object[].class, handle.type().parameterCount());
    }

    private static MethodHandle found(Class<?> type, Executable entry) {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            if (entry instanceof Constructor<?> constructor) {
                return lookup.unreflectConstructor(constructor);
            }
            // Not unreflected: a method may be declared in a type that is not public.
            Method method = (Method) entry;
            MethodType shape = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
            return Modifier.isStatic(method.getModifiers())
                    ? lookup.findStatic(type, method.getName(), shape)
                    : lookup.findVirtual(type, method.getName(), shape);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    static boolean isStatic(Executable entry) {
        return entry instanceof Constructor<?> || Modifier.isStatic(entry.getModifiers());
    }
}
