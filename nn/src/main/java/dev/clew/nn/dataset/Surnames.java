package dev.clew.nn.dataset;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Surnames by locale, from the lists of net.datafaker:datafaker (Apache License 2.0), which is not on the way of who does not use this:
 * whoever does adds that dependency.
 *
 * <p>A locale has its place here if datafaker has 50 surnames or more for it, and no more than half of them are those of another that has
 * its place and more of them, or as many. In version 2.7.0 these are 41 locales with 37 957 names. Names are in the order of their units of
 * UTF-16, none twice.
 */
public final class Surnames {
    private static final int FEWEST = 50;

    /** To read the lists takes seconds. */
    private static final Supplier<Map<String, List<String>>> ALL = Suppliers.memoize(Surnames::chosen);

    private Surnames() {}

    /**
     * By what the locale is called ({@code cs-cz de en ...}), in the order of these.
     *
     * @throws IllegalStateException if datafaker is not there
     */
    public static Map<String, List<String>> byLocale() {
        return ALL.get();
    }

    private static Map<String, List<String>> chosen() {
        Map<String, List<String>> all;
        try {
            all = DatafakerNames.all();
        } catch (NoClassDefFoundError error) {
            throw new IllegalStateException(
                    "surnames: net.datafaker is not there, and has the lists; add the dependency net.datafaker:datafaker:2.7.0,"
                            + " and in a module of your own `requires net.datafaker`",
                    error);
        }
        List<String> larger = new ArrayList<>(all.keySet());
        larger.removeIf(locale -> list(all, locale).size() < FEWEST);
        // Stable: of lists as long, that of the shorter name, which is the language's own, comes first.
        larger.sort((a, b) -> {
            int bySize = Integer.compare(list(all, b).size(), list(all, a).size());
            return bySize != 0 ? bySize : Integer.compare(a.length(), b.length());
        });
        Set<String> kept = new HashSet<>();
        for (String locale : larger) {
            if (kept.stream().noneMatch(other -> isOf(locale, other, all))) {
                kept.add(locale);
            }
        }
        ImmutableMap.Builder<String, List<String>> result = ImmutableMap.builder();
        all.keySet().stream().filter(kept::contains).forEach(locale -> result.put(locale, list(all, locale)));
        return result.buildOrThrow();
    }

    /**
     * Those of one locale.
     *
     * @throws IllegalArgumentException if it is none of {@link #byLocale}
     * @throws IllegalStateException if datafaker is not there
     */
    public static List<String> of(String locale) {
        Present.require("surnames", locale);
        Map<String, List<String>> all = byLocale();
        List<String> found = all.get(locale);
        if (found == null) {
            throw new IllegalArgumentException("surnames of " + locale + ": there are those of " + all.keySet());
        }
        return found;
    }

    private static boolean isOf(String locale, String other, Map<String, List<String>> all) {
        Set<String> names = new HashSet<>(list(all, other));
        long same = list(all, locale).stream().filter(names::contains).count();
        return 2 * same > list(all, locale).size();
    }

    private static List<String> list(Map<String, List<String>> all, String locale) {
        return all.getOrDefault(locale, ImmutableList.of());
    }
}
