package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import dev.clew.internal.array.Present;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Symbols and the numbers that stand for them: characters (Unicode code points), words or bytes. Tokens that stand for no symbol come
 * first, in the order of {@link Token}; then symbols, the more frequent first, and of equally frequent ones that of the smaller code
 * points. So it follows from the texts and the choices alone.
 *
 * <p>It saves with the model as {@link #toText}, from which {@link #of(String)} makes the same one again.
 */
public final class Vocabulary {
    private static final int SHOWN = 8;
    private static final int NEIGHBORHOOD = 12;

    private final Unit unit;
    private final ImmutableSortedSet<Token> tokens;
    private final ImmutableList<String> symbols;
    private final Object2IntOpenHashMap<String> numbers;

    Vocabulary(Unit unit, Set<Token> tokens, List<String> symbols) {
        this.unit = unit;
        this.tokens = ImmutableSortedSet.copyOf(tokens);
        this.symbols = ImmutableList.copyOf(symbols);
        this.numbers = new Object2IntOpenHashMap<>(symbols.size());
        numbers.defaultReturnValue(-1);
        symbols.forEach(symbol -> numbers.put(symbol, tokens.size() + numbers.size()));
    }

    /** What a symbol is. */
    public enum Unit {
        /** A Unicode code point; half of a surrogate pair, where it stands alone, is one. */
        CHARACTERS,
        /** What stands between white space ({@link Character#isWhitespace(int)}), signs at its ends too. */
        WORDS,
        /** A byte of UTF-8, written as two digits: {@code e2}. */
        BYTES;

        /** {@code characters words bytes}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What stands for no symbol. */
    public enum Token {
        /** Fills up what is too short. */
        PADDING,
        /** Stands for every symbol that is not in the vocabulary. */
        UNKNOWN,
        /** Stands before a text. */
        START,
        /** Stands behind a text. */
        END;

        /** {@code <padding> <unknown> <start> <end>}. */
        @Override
        public String toString() {
            return "<" + name().toLowerCase(Locale.ROOT) + ">";
        }
    }

    /** Of all characters of some texts. */
    public static Vocabulary ofCharacters(List<String> texts, Token... tokens) {
        Present.require("vocabulary", texts, tokens);
        return VocabularyChoice.of(Unit.CHARACTERS).with(tokens).from(texts);
    }

    /** Of all words of some texts. */
    public static Vocabulary ofWords(List<String> texts, Token... tokens) {
        Present.require("vocabulary", texts, tokens);
        return VocabularyChoice.of(Unit.WORDS).with(tokens).from(texts);
    }

    /** Of all 256 bytes, by their value: nothing is unknown to it. */
    public static Vocabulary ofBytes(Token... tokens) {
        Present.require("vocabulary", (Object) tokens);
        List<String> all = IntStream.range(0, 256)
                .mapToObj(value -> Symbols.ofByte((byte) value))
                .toList();
        return new Vocabulary(Unit.BYTES, ImmutableSet.copyOf(tokens), all);
    }

    /**
     * The vocabulary that {@link #toText} wrote.
     *
     * @throws IllegalArgumentException if it did not write this
     */
    public static Vocabulary of(String text) {
        Present.require("vocabulary", text);
        return VocabularyText.read(text);
    }

    /** All of it as text of ASCII characters alone, whatever its symbols are: metadata of a snapshot. */
    public String toText() {
        return VocabularyText.write(this);
    }

    /** What a symbol is. */
    public Unit unit() {
        return unit;
    }

    /** The tokens that it has, in their order. */
    public List<Token> tokens() {
        return tokens.asList();
    }

    /** The symbols, the first of which has the number of tokens as its number. */
    public List<String> symbols() {
        return symbols;
    }

    /** How many numbers there are, from 0: of tokens and symbols. */
    public int size() {
        return tokens.size() + symbols.size();
    }

    /** Whether it has a symbol. */
    public boolean contains(String symbol) {
        Present.require("contains", symbol);
        return numbers.containsKey(symbol);
    }

    /**
     * The number of a symbol, or that of {@link Token#UNKNOWN}.
     *
     * @throws IllegalArgumentException if it has neither
     */
    public int index(String symbol) {
        Present.require("index", symbol);
        int number = numbers.getInt(symbol);
        if (number < 0 && !tokens.contains(Token.UNKNOWN)) {
            throw new IllegalArgumentException("index of " + Symbols.quoted(symbol) + ": it is not in the " + this
                    + "; build it from texts that have it, or with the token UNKNOWN");
        }
        return number < 0 ? index(Token.UNKNOWN) : number;
    }

    /**
     * The number of a token.
     *
     * @throws IllegalArgumentException if the vocabulary was built without it
     */
    public int index(Token token) {
        Present.require("index", token);
        int number = tokens.asList().indexOf(token);
        if (number < 0) {
            throw new IllegalArgumentException(
                    "index of " + token + ": the " + this + " was built without it; give it when building");
        }
        return number;
    }

    /**
     * The symbol of a number, and of a token what it is called: {@code <start>}.
     *
     * @throws IllegalArgumentException if there is no such number
     */
    public String symbol(int index) {
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException(
                    "symbol " + index + ": numbers of the " + this + " go from 0 to " + (size() - 1));
        }
        return index < tokens.size() ? tokens.asList().get(index).toString() : symbols.get(index - tokens.size());
    }

    /**
     * The numbers of a text, symbol by symbol.
     *
     * @throws IllegalArgumentException if a symbol has no number and there is no token for it, which says where it stands
     */
    public int[] encode(String text) {
        Present.require("encode", text);
        IntArrayList encoded = new IntArrayList(text.length());
        Symbols.each(unit, text, (symbol, from) -> encoded.add(numberAt(symbol, text, from)));
        return encoded.toIntArray();
    }

    /** The same, with the start before it and the end behind it, where the vocabulary has these tokens. */
    public int[] encodeWhole(String text) {
        Present.require("encodeWhole", text);
        IntArrayList whole = new IntArrayList(text.length() + 2);
        if (tokens.contains(Token.START)) {
            whole.add(index(Token.START));
        }
        whole.addElements(whole.size(), encode(text));
        if (tokens.contains(Token.END)) {
            whole.add(index(Token.END));
        }
        return whole.toIntArray();
    }

    private int numberAt(String symbol, String text, int from) {
        int number = numbers.getInt(symbol);
        if (number < 0 && !tokens.contains(Token.UNKNOWN)) {
            String around =
                    text.substring(Math.max(0, from - NEIGHBORHOOD), Math.min(text.length(), from + NEIGHBORHOOD));
            throw new IllegalArgumentException("encode: " + Symbols.quoted(symbol) + " at " + from + " in "
                    + Symbols.quoted(around) + " is not in the " + this
                    + "; build it from texts that have it, or with the token UNKNOWN");
        }
        return number < 0 ? index(Token.UNKNOWN) : number;
    }

    /**
     * The text that numbers stand for: characters one after the other, words with a space between, bytes read as UTF-8. Padding, start and
     * end give nothing; what is unknown, and bytes that are no UTF-8, give U+FFFD, "�".
     *
     * <p>Of characters, and of bytes, it is the text that was encoded, if it had nothing unknown.
     *
     * @throws IllegalArgumentException if there is no such number, which says where it stands
     */
    public String decode(int... encoded) {
        Present.require("decode", (Object) encoded);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] < 0 || encoded[i] >= size()) {
                throw new IllegalArgumentException("decode: number " + encoded[i] + " at " + i + ": those of the "
                        + this + " go from 0 to " + (size() - 1));
            }
        }
        List<String> parts = IntStream.of(encoded)
                .filter(number -> number >= tokens.size() || tokens.asList().get(number) == Token.UNKNOWN)
                .mapToObj(number -> number < tokens.size() ? Symbols.REPLACEMENT : symbols.get(number - tokens.size()))
                .toList();
        return switch (unit) {
            case CHARACTERS -> String.join("", parts);
            case WORDS -> String.join(" ", parts);
            case BYTES -> new String(Symbols.toBytes(parts), StandardCharsets.UTF_8);
        };
    }

    /** Equal if they give the same numbers to the same symbols. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary that
                && unit == that.unit
                && tokens.equals(that.tokens)
                && symbols.equals(that.symbols);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * unit.toString().hashCode() + tokens.toString().hashCode()) + symbols.hashCode();
    }

    /** How many it has of what, and the first of them. */
    @Override
    public String toString() {
        String shown = IntStream.range(0, Math.min(SHOWN, size()))
                .mapToObj(i -> i < tokens.size() ? symbol(i) : Symbols.quoted(symbol(i)))
                .collect(Collectors.joining(" "));
        return "vocabulary of " + symbols.size() + " " + unit + " (" + shown + (size() > SHOWN ? " ..." : "") + ")";
    }
}
