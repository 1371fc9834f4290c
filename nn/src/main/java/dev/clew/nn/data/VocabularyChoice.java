package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import dev.clew.internal.array.Present;
import it.unimi.dsi.fastutil.objects.Object2IntMap;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What of some texts becomes a {@link Vocabulary}: by itself all symbols, and no token.
 *
 * @param unit what a symbol is: characters or words
 * @param least how often a symbol must be there at least
 * @param most how many symbols there are at most, without tokens: the most frequent ones
 * @param tokens which tokens it has, in any order
 */
public record VocabularyChoice(Vocabulary.Unit unit, int least, int most, Set<Vocabulary.Token> tokens) {
    /**
     * Of all four.
     *
     * @throws IllegalArgumentException if a number is below 1, or the unit is bytes, of which there is nothing to choose
     */
    public VocabularyChoice {
        Present.require("vocabulary", unit, tokens);
        if (least < 1 || most < 1) {
            throw new IllegalArgumentException("vocabulary of what is there " + least + " times, at most " + most
                    + " symbols: both are 1 or more");
        }
        if (unit == Vocabulary.Unit.BYTES) {
            throw new IllegalArgumentException(
                    "vocabulary of bytes: it has all 256, whatever the texts are; Vocabulary.ofBytes makes it");
        }
        tokens = ImmutableSortedSet.copyOf(tokens);
    }

    /** All symbols, without tokens. */
    public static VocabularyChoice of(Vocabulary.Unit unit) {
        Present.require("vocabulary", unit);
        return new VocabularyChoice(unit, 1, Integer.MAX_VALUE, ImmutableSet.of());
    }

    /** Only what is there so often. */
    public VocabularyChoice withLeast(int count) {
        return new VocabularyChoice(unit, count, most, tokens);
    }

    /** Only so many symbols, the most frequent ones; of equally frequent ones those of smaller code points. */
    public VocabularyChoice withMost(int symbols) {
        return new VocabularyChoice(unit, least, symbols, tokens);
    }

    /** With tokens, which come before all symbols. */
    public VocabularyChoice with(Vocabulary.Token... some) {
        Present.require("with", (Object) some);
        return new VocabularyChoice(
                unit,
                least,
                most,
                ImmutableSet.<Vocabulary.Token>builder()
                        .addAll(tokens)
                        .add(some)
                        .build());
    }

    /**
     * The vocabulary of some texts.
     *
     * @throws IllegalArgumentException if no symbol is left, and no token
     */
    public Vocabulary from(List<String> texts) {
        Present.require("vocabulary", texts);
        Object2IntOpenHashMap<String> counts = new Object2IntOpenHashMap<>();
        texts.forEach(text -> Symbols.each(unit, text, (symbol, _) -> counts.addTo(symbol, 1)));
        ImmutableList<String> symbols = counts.object2IntEntrySet().stream()
                .filter(entry -> entry.getIntValue() >= least)
                .sorted(Comparator.<Object2IntMap.Entry<String>>comparingInt(entry -> -entry.getIntValue())
                        .thenComparing(entry -> entry.getKey(), Symbols.BY_CODE_POINTS))
                .limit(most)
                .map(entry -> entry.getKey())
                .collect(ImmutableList.toImmutableList());
        if (symbols.isEmpty() && tokens.isEmpty()) {
            throw new IllegalArgumentException("vocabulary of " + texts.size() + " texts: no symbol is there " + least
                    + (least == 1 ? " time" : " times") + "; give texts that have some");
        }
        return new Vocabulary(unit, tokens, symbols);
    }
}
