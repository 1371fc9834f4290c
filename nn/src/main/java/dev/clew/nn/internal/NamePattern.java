package dev.clew.nn.internal;

import static java.util.stream.Collectors.joining;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names with stars in them, each of which stands for any letters, also none: {@code cell.*}. */
public record NamePattern(String text, Pattern pattern) {
    /** Of a text with stars. */
    public static NamePattern of(String text) {
        return new NamePattern(
                text,
                Pattern.compile(
                        Splitter.on('*').splitToStream(text).map(Pattern::quote).collect(joining("(.*)"))));
    }

    /** Whether a name is one of them. */
    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    /** How many stars there are. */
    public int stars() {
        return CharMatcher.is('*').countIn(text);
    }

    /** A name in which each star of another pattern stands for what the same star of this one stands for; none if the name does not match. */
    public Optional<String> renamed(String name, NamePattern to) {
        Matcher found = pattern.matcher(name);
        if (!found.matches()) {
            return Optional.empty();
        }
        List<String> parts = Splitter.on('*').splitToList(to.text);
        StringBuilder renamed = new StringBuilder(parts.getFirst());
        for (int star = 1; star < parts.size(); star++) {
            renamed.append(found.group(star)).append(parts.get(star));
        }
        return Optional.of(renamed.toString());
    }

    @Override
    public String toString() {
        return "'" + text + "'";
    }
}
