package dev.clew.examples.names;

import dev.clew.nn.data.Lines;
import dev.clew.nn.dataset.Surnames;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where names come from: surnames by locale, or a file of the user's. */
final class NameLists {
    /** What is longer is rarely a name, and makes plans long. */
    static final int LONGEST = 16;

    private NameLists() {}

    /** All names once: the lines of a file, or the surnames of all locales. */
    static List<String> all(Optional<Path> file) {
        Set<String> names = new LinkedHashSet<>();
        if (file.isPresent()) {
            Lines.of(file.get()).forEach(line -> add(names, line));
        } else {
            Surnames.byLocale().values().forEach(each -> each.forEach(name -> add(names, name)));
        }
        return List.copyOf(names);
    }

    /** Names by where they are from: lines {@code origin,name} of a file, or the surnames by locale. */
    static Map<String, List<String>> byOrigin() {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Surnames.byLocale().forEach((locale, names) -> {
            Set<String> own = new LinkedHashSet<>();
            names.forEach(name -> add(own, name));
            lists.put(locale, List.copyOf(own));
        });
        return lists;
    }

    private static void add(Set<String> names, String line) {
        String name = line.strip();
        if (!name.isEmpty() && name.codePointCount(0, name.length()) <= LONGEST) {
            names.add(name);
        }
    }
}
