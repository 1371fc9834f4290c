package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An application that holds the library in a class loader of its own computes, is stopped, and leaves nothing. */
public final class ThreadsOfAnApplicationTest {
    private static final int ROUNDS = 200;

    @Test
    void theClassesOfAnApplicationThatIsStoppedAreUnloaded() throws Exception {
        assertThat(OtherJava.run(
                        ThreadsOfAnApplicationTest.class,
                        "--add-modules=jdk.incubator.vector",
                        // The JDK keeps some of what it made of a class until memory is short.
                        "-XX:SoftRefLRUPolicyMSPerMB=0"))
                .endsWith("unloaded" + System.lineSeparator());
    }

    /** Deploys the application, stops it, and says what is left of it. */
    public static void main(String[] arguments) throws Exception {
        WeakReference<ClassLoader> loader = deploy();
        if (!ours().isEmpty()) {
            throw new IllegalStateException("threads that are left: " + ours());
        }
        for (int round = 0; round < ROUNDS && loader.get() != null; round++) {
            System.gc();
            Thread.sleep(20);
        }
        System.out.println(loader.get() == null ? "unloaded" : "still there");
    }

    private static WeakReference<ClassLoader> deploy() throws Exception {
        List<URL> places = new ArrayList<>();
        for (String place :
                Splitter.on(File.pathSeparatorChar).omitEmptyStrings().split(System.getProperty("java.class.path"))) {
            places.add(url(place));
        }
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(places.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass(ThreadsApplication.class.getName())
                    .getMethod("run")
                    .invoke(null);
            return new WeakReference<>(loader);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL url(String place) throws MalformedURLException {
        return Path.of(place).toUri().toURL();
    }

    private static Set<String> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("clew"))
                .collect(Collectors.toSet());
    }
}
