package dev.clew.nn.dataset;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.datafaker.Faker;

/** All lists of surnames of datafaker: the only class that knows it, which may not be there. */
final class DatafakerNames {
    /** A list may be made of others: {@code #{Name.femaleLastName}}. */
    private static final Pattern OTHER = Pattern.compile("#\\{(?:Name\\.)?(\\w+)}");

    private static final Pattern CAPITAL = Pattern.compile("([A-Z])");
    private static final String ENGLISH = "en";

    private DatafakerNames() {}

    /** By locale, in their order; where it has none of its own it would give English ones, and is left out. */
    static Map<String, List<String>> all() {
        List<String> usual = names(Locale.ENGLISH);
        SortedMap<String, List<String>> all = new TreeMap<>();
        all.put(ENGLISH, usual);
        // Files that begin with _ have what belongs to a country and no language.
        for (String locale : new TreeSet<>(new Faker(Locale.ENGLISH).locality().allSupportedLocales())) {
            List<String> own = locale.startsWith("_") ? usual : names(Locale.forLanguageTag(locale));
            if (!own.equals(usual)) {
                all.put(locale, own);
            }
        }
        return all;
    }

    private static List<String> names(Locale locale) {
        // One for each locale: one for several takes lists of the language for those of the country, by which was asked
        // for first.
        Faker faker = new Faker(locale);
        SortedSet<String> names = new TreeSet<>();
        collect(faker, "last_name", names);
        return ImmutableSortedSet.copyOfSorted(names).asList();
    }

    private static void collect(Faker faker, String list, SortedSet<String> names) {
        Object found = faker.fakeValuesService().fetchObject("name." + list, faker.getContext());
        for (Object each : found instanceof List<?> all ? all : ImmutableList.of()) {
            String name = each.toString().strip();
            Matcher other = OTHER.matcher(name);
            if (other.matches()) {
                collect(faker, Ascii.toLowerCase(CAPITAL.matcher(other.group(1)).replaceAll("_$1")), names);
            } else if (!name.contains("#{")) {
                names.add(name);
            }
        }
    }
}
