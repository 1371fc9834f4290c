package dev.clew.nn.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SurnamesTest {
    @Test
    void everyLocaleHasNamesOfItsOwnInAnOrderThatStays() {
        Map<String, List<String>> all = Surnames.byLocale();
        assertThat(all).hasSize(41);
        assertThat(List.copyOf(all.keySet()))
                .isSorted()
                .contains("cs-cz", "de", "en", "ja", "nl", "zh-cn")
                .doesNotContain("de-at", "nl-be", "bg");
        assertThat(all.values().stream().mapToInt(List::size).sum()).isEqualTo(37_957);
        all.forEach((locale, names) -> {
            assertThat(names.size()).as(locale).isGreaterThanOrEqualTo(50);
            assertThat(names.equals(List.copyOf(new TreeSet<>(names))))
                    .as(locale)
                    .isTrue();
            assertThat(names.stream().filter(name -> name.contains("#") || name.isBlank()))
                    .isEmpty();
        });
        assertThat(all.get("en")).contains("Smith").doesNotContain("Müller");
        // Its list is made of those of women and of men.
        assertThat(all.get("ru")).contains("Смирнов", "Смирнова");
        assertThat(Surnames.of("de")).isEqualTo(all.get("de")).contains("Müller");
    }

    @Test
    void aLocaleThatHasNoneIsSaid() {
        assertThatThrownBy(() -> Surnames.of("de-at"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("surnames of de-at: there are those of [ar, be, ");
    }

    /** Loads the package anew, as where datafaker is not there. */
    private static final class Without extends ClassLoader {
        Without() {
            super(SurnamesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("net.datafaker.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.clew.nn.dataset.")) {
                return super.loadClass(name, resolve);
            }
            String file = "/" + name.replace('.', '/') + ".class";
            try (InputStream bytes = SurnamesTest.class.getResourceAsStream(file)) {
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] all = bytes.readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException error) {
                throw new ClassNotFoundException(name, error);
            }
        }
    }

    @Test
    void whatToAddIsSaidWhereDatafakerIsNot() throws ReflectiveOperationException {
        Class<?> surnames = new Without().loadClass("dev.clew.nn.dataset.Surnames");
        assertThat(surnames).isNotEqualTo(Surnames.class);
        assertThatThrownBy(() -> surnames.getMethod("byLocale").invoke(null))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("surnames: net.datafaker is not there, and has the lists; add the dependency"
                        + " net.datafaker:datafaker:2.7.0, and in a module of your own `requires net.datafaker`");
    }
}
