package dev.clew.examples.audit;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which name of the user's has which role in the model: {@code Wx} and {@code Wh}, the matrices of input and state, {@code b}, their
 * bias, {@code Wy} and {@code by}, the layer above, and so on for every gate.
 *
 * @param layout how many matrices the cell has
 * @param names by role
 */
record Roles(Scheme.Layout layout, Map<String, String> names) {
    Roles {
        names = ImmutableMap.copyOf(names);
    }

    /**
     * Finds the roles of the names of a file.
     *
     * @param chosen names that were given for some roles
     * @throws IllegalArgumentException if no way to name them fits
     */
    static Roles of(Cell cell, Collection<String> there, Map<String, String> chosen, String source) {
        List<Scheme> schemes = Scheme.of(cell);
        requireKnown(schemes, chosen, cell);
        requireThere(there, chosen, source);
        for (Scheme scheme : schemes) {
            if (chosen.keySet().stream().allMatch(scheme::has)) {
                Optional<Roles> found = new Search(scheme, there, chosen, source).run();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new IllegalArgumentException("weights of " + cell + " in " + source + ": there are " + there
                + "; looked for one of these: "
                + schemes.stream().map(Scheme::toString).collect(Collectors.joining("; "))
                + ". Say which is which with --names, as in --names Wx=NAME,Wh=NAME");
    }

    private static void requireKnown(List<Scheme> schemes, Map<String, String> chosen, Cell cell) {
        for (String role : chosen.keySet()) {
            if (schemes.stream().noneMatch(scheme -> scheme.has(role))) {
                Set<String> known = schemes.stream()
                        .flatMap(scheme ->
                                Stream.concat(scheme.matrices().keySet().stream(), scheme.optional().keySet().stream()))
                        .collect(Collectors.toCollection(TreeSet::new));
                throw new IllegalArgumentException("--names " + role + "=" + chosen.get(role) + ": a model " + cell
                        + " has no role " + role + "; its roles are " + known + " and those of the data, "
                        + DataRole.all());
            }
        }
    }

    private static void requireThere(Collection<String> there, Map<String, String> chosen, String source) {
        chosen.forEach((role, name) -> {
            if (!there.contains(name)) {
                throw new IllegalArgumentException("--names " + role + "=" + name + ": " + source + " has no array '"
                        + name + "'; it has " + there);
            }
        });
    }

    /** The user's name for a role, if there is an array for it. */
    Optional<String> name(String role) {
        return Optional.ofNullable(names.get(role));
    }

    @Override
    public String toString() {
        return names.entrySet().stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /** Tries one scheme: a name has one role at most. */
    private record Search(Scheme scheme, Collection<String> there, Map<String, String> chosen, String source) {
        Optional<Roles> run() {
            Map<String, String> found = new LinkedHashMap<>();
            for (Map.Entry<String, List<String>> each : scheme.matrices().entrySet()) {
                Optional<String> name = named(each.getKey(), each.getValue(), found.values());
                if (name.isEmpty()) {
                    return Optional.empty();
                }
                found.put(each.getKey(), name.get());
            }
            scheme.optional().forEach((role, patterns) -> {
                if (!found.containsKey(role)) {
                    named(role, patterns, found.values()).ifPresent(name -> found.put(role, name));
                }
            });
            return Optional.of(new Roles(scheme.layout(), found));
        }

        private Optional<String> named(String role, List<String> patterns, Collection<String> used) {
            String name = chosen.get(role);
            if (name != null) {
                return Optional.of(name);
            }
            for (String pattern : patterns) {
                List<String> fitting = new ArrayList<>(there);
                fitting.removeIf(
                        each -> !Scheme.fits(pattern, each) || used.contains(each) || chosen.containsValue(each));
                if (fitting.size() > 1) {
                    throw new IllegalArgumentException(role + " in " + source + ": it may be any of " + fitting
                            + "; say which with --names " + role + "=NAME");
                }
                if (!fitting.isEmpty()) {
                    return Optional.of(fitting.getFirst());
                }
            }
            return Optional.empty();
        }
    }
}
