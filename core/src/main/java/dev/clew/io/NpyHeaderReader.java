package dev.clew.io;

import com.google.common.collect.ImmutableList;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the dictionary of Python in an npy file: three keys, in any order, each once. Of what else Python can write down it knows what
 * NumPy writes for types of several fields, which are passed over: texts, numbers, tuples and lists.
 */
final class NpyHeaderReader {
    private static final String KEYS = "the keys are 'descr', 'fortran_order' and 'shape', each once";
    private static final int DEEPEST = 16;

    private final Path file;
    private final String tensor;
    private final String text;
    private final boolean hasLongs;
    private final Set<String> seen = new LinkedHashSet<>();
    private Optional<NpyType> type = Optional.empty();
    private Optional<Boolean> isFortran = Optional.empty();
    private Optional<ImmutableList<Long>> lengths = Optional.empty();
    private int at;

    /** @param hasLongs whether numbers may end in L, as Python 2 writes them */
    NpyHeaderReader(Path file, String tensor, String text, boolean hasLongs) {
        this.file = file;
        this.tensor = tensor;
        this.text = text;
        this.hasLongs = hasLongs;
    }

    NpyHeader read(long begin) throws UnreadableFileException {
        expect('{', "a dictionary of Python");
        while (!isNext('}')) {
            String key = string();
            expect(':', "a value after a key");
            value(key);
            separate('}');
        }
        if (peek() != 0 || at < text.length()) {
            throw wrong("goes on after the dictionary", "only blanks may follow");
        }
        if (type.isEmpty() || isFortran.isEmpty() || lengths.isEmpty()) {
            throw wrong("has the keys " + seen, KEYS);
        }
        return new NpyHeader(type.get(), isFortran.get(), lengths.get(), begin);
    }

    private void value(String key) throws UnreadableFileException {
        if (!seen.add(key)) {
            throw wrong("has the key " + HeaderReader.shown(key) + " twice", KEYS);
        }
        switch (key) {
            case "descr" -> type = Optional.of(type());
            case "fortran_order" -> isFortran = Optional.of(truth());
            case "shape" -> lengths = Optional.of(shape());
            default -> throw wrong("has the key " + HeaderReader.shown(key), KEYS);
        }
    }

    private NpyType type() throws UnreadableFileException {
        char first = peek();
        if (first == '\'' || first == '"') {
            return NpyType.of(string());
        }
        if (first != '[' && first != '(') {
            throw wrong("has a descr that begins with " + shown(), "it is a text such as '<f8', or a list of fields");
        }
        int begin = at;
        pass(0);
        return NpyType.structured(text.substring(begin, at));
    }

    private boolean truth() throws UnreadableFileException {
        String word = word();
        if (!word.equals("True") && !word.equals("False")) {
            throw wrong(
                    "has fortran_order " + (word.isEmpty() ? shown() : HeaderReader.shown(word)),
                    "it is True or False");
        }
        return word.equals("True");
    }

    private ImmutableList<Long> shape() throws UnreadableFileException {
        ImmutableList.Builder<Long> numbers = ImmutableList.builder();
        expect('(', "a tuple of lengths as its shape");
        int count = 0;
        boolean hasComma = false;
        while (!isNext(')')) {
            numbers.add(number());
            count++;
            hasComma = isNext(',');
            if (!hasComma && peek() != ')') {
                throw wrong("has " + shown() + " in its shape", "lengths are separated by commas");
            }
        }
        if (count == 1 && !hasComma) {
            throw wrong("has a number in parentheses as its shape", "a tuple of one length is written (3,)");
        }
        return numbers.build();
    }

    // --------------------------------------------------------------------------------------------------------- tokens

    /** The next letter that is no blank, which stays; 0 if there is none. */
    private char peek() {
        while (at < text.length() && " \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean isNext(char sign) {
        boolean isNext = peek() == sign && at < text.length();
        at += isNext ? 1 : 0;
        return isNext;
    }

    private void expect(char sign, String what) throws UnreadableFileException {
        if (!isNext(sign)) {
            throw wrong("has " + shown() + " where it should have '" + sign + "'", "it has " + what + " there");
        }
    }

    /** A comma, or the sign that ends all, which stays. */
    private void separate(char end) throws UnreadableFileException {
        if (peek() != end) {
            expect(',', "a comma between two, or an end,");
        }
    }

    /** What stands between quotes, as it stands there: a backslash keeps its meaning to itself. */
    private String string() throws UnreadableFileException {
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw wrong("has " + shown() + " where it should have a text", "texts stand between quotes");
        }
        int begin = ++at;
        while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length() || text.charAt(at) != quote) {
            throw wrong("has a text without an end", "texts stand between quotes");
        }
        return text.substring(begin, at++);
    }

    private String word() {
        peek();
        int begin = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return text.substring(begin, at);
    }

    private long number() throws UnreadableFileException {
        peek();
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        String digits = text.substring(begin, at);
        if (digits.isEmpty()) {
            throw wrong("has " + shown() + " where it should have a number", "numbers are whole, and not below 0");
        }
        boolean hasZeros = digits.startsWith("0") && digits.length() > 1;
        if (hasZeros || digits.length() > 19 || new BigInteger(digits).bitLength() >= Long.SIZE) {
            throw wrong(
                    "has the number " + HeaderReader.shown(digits), "numbers are below 2⁶³ and do not begin with 0");
        }
        if (hasLongs && at < text.length() && text.charAt(at) == 'L') {
            at++;
        }
        return Long.parseLong(digits);
    }

    /** Goes on after a value of any kind. */
    private void pass(int depth) throws UnreadableFileException {
        if (depth > DEEPEST) {
            throw wrong("has lists in lists deeper than " + DEEPEST, "fields of fields of NumPy do not go as deep");
        }
        if (isNext('[')) {
            passAll(']', depth);
        } else if (isNext('(')) {
            passAll(')', depth);
        } else if (peek() == '\'' || peek() == '"') {
            string();
        } else {
            number();
        }
    }

    private void passAll(char end, int depth) throws UnreadableFileException {
        while (!isNext(end)) {
            pass(depth + 1);
            separate(end);
        }
    }

    private String shown() {
        return peek() == 0 && at == text.length()
                ? "an end"
                : HeaderReader.shown(text.substring(at, Math.min(text.length(), at + 1)));
    }

    private UnreadableFileException wrong(String what, String rule) {
        return new UnreadableFileException(file, "the header of " + tensor + " " + what, rule);
    }
}
