package dev.clew.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.nn.data.Vocabulary.Token;
import dev.clew.nn.data.Vocabulary.Unit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Symbols and numbers, there and back, and as text that a snapshot keeps. */
class VocabularyTest {
    /** Any units of UTF-16: halves of surrogate pairs, line ends, quotes. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> hard = Arbitraries.of(
                "\"",
                "\\",
                "\n",
                "\r",
                "\u2028",
                "\0",
                "\ud83d",
                "\ude00",
                "\ud83d\ude00",
                "é",
                "e\u0301",
                "</script>",
                "'",
                " ");
        return Arbitraries.oneOf(hard, Arbitraries.strings().ofMaxLength(3))
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 300)
    void charactersComeBackAsTheyWere(@ForAll("texts") String text) {
        Vocabulary vocabulary = Vocabulary.ofCharacters(List.of(text), Token.PADDING, Token.START, Token.END);
        int[] encoded = vocabulary.encode(text);
        assertThat(encoded).hasSize(text.codePointCount(0, text.length()));
        assertThat(vocabulary.decode(encoded)).isEqualTo(text);
        assertThat(vocabulary.decode(vocabulary.encodeWhole(text))).isEqualTo(text);
        assertThat(vocabulary.size() - 3)
                .isEqualTo((int) text.codePoints().distinct().count());
    }

    @Property(tries = 300)
    void itsTextIsAsciiAndLosesNothing(@ForAll("texts") String text) {
        for (Unit unit : List.of(Unit.CHARACTERS, Unit.WORDS)) {
            Vocabulary vocabulary =
                    VocabularyChoice.of(unit).with(Token.UNKNOWN).from(List.of(text));
            String saved = vocabulary.toText();
            assertThat(saved).matches("[ -~]*");
            Vocabulary again =
                    Vocabulary.of(new String(saved.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
            assertThat(again)
                    .isEqualTo(vocabulary)
                    .hasSameHashCodeAs(vocabulary)
                    .hasToString(vocabulary.toString());
            assertThat(again.encode(text)).isEqualTo(vocabulary.encode(text));
        }
    }

    @Property(tries = 100)
    void bytesAreThoseOfUtf8(@ForAll String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return;
        }
        Vocabulary vocabulary = Vocabulary.ofBytes(Token.END);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] encoded = vocabulary.encode(text);
        assertThat(encoded).hasSize(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            assertThat(encoded[i]).isEqualTo(Byte.toUnsignedInt(bytes[i]) + 1);
        }
        assertThat(vocabulary.decode(encoded)).isEqualTo(text);
        assertThat(Vocabulary.of(vocabulary.toText())).isEqualTo(vocabulary);
    }

    @Property(tries = 100)
    void theOrderOfTheTextsDoesNotMatter(@ForAll("texts") String one, @ForAll("texts") String two, @ForAll int seed) {
        List<String> texts = Arrays.asList(one, two, "abc");
        Vocabulary vocabulary = Vocabulary.ofWords(texts);
        Collections.shuffle(texts, new Random(seed));
        assertThat(Vocabulary.ofWords(texts)).isEqualTo(vocabulary);
    }

    @Test
    void tokensComeFirstThenWhatIsFrequentThenWhatHasTheSmallerCodePoint() {
        Vocabulary vocabulary =
                Vocabulary.ofCharacters(List.of("\ufb01\ud83d\ude00baab", "b"), Token.END, Token.PADDING);
        assertThat(vocabulary.tokens()).containsExactly(Token.PADDING, Token.END);
        // U+1F600 stands behind U+FB01, though its first unit of UTF-16, D83D, is the smaller.
        assertThat(vocabulary.symbols()).containsExactly("b", "a", "\ufb01", "\ud83d\ude00");
        assertThat(vocabulary.index("b")).isEqualTo(2);
        assertThat(vocabulary.symbol(2)).isEqualTo("b");
        assertThat(vocabulary.symbol(1)).isEqualTo("<end>");
        assertThat(vocabulary.index(Token.END)).isEqualTo(1);
        assertThat(vocabulary)
                .hasToString("vocabulary of 4 characters (<padding> <end> 'b' 'a' 'ﬁ' (U+FB01) '😀' (U+1F600))");
    }

    @Test
    void whatIsRareIsLeftOut() {
        List<String> texts = List.of("to be or not to be", "that is\tthe question\nto");
        VocabularyChoice choice = VocabularyChoice.of(Unit.WORDS).with(Token.UNKNOWN);
        assertThat(choice.withLeast(2).from(texts).symbols()).containsExactly("to", "be");
        Vocabulary three = choice.withMost(3).from(texts);
        assertThat(three.symbols()).containsExactly("to", "be", "is");
        assertThat(three.encode("  to know\u00a0is is ")).containsExactly(1, 0, 3);
        assertThat(three.decode(1, 0, 3)).isEqualTo("to \ufffd is");
        assertThat(three.contains("or")).isFalse();
        assertThat(three.index("or")).isZero();
    }

    @Test
    void bytesThatAreNoTextAreSeenAsSuch() {
        Vocabulary bytes = Vocabulary.ofBytes();
        assertThat(bytes.decode(0xe2, 0x82, 0xac, 0xff, 'a')).isEqualTo("€\ufffda");
        assertThat(bytes.symbol(255)).isEqualTo("ff");
        assertThatThrownBy(() -> bytes.encode("ab\ud800"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encode: '\\uD800' (U+D800) at 2 is half of a surrogate pair and has no bytes in UTF-8; a"
                        + " vocabulary of characters takes it");
    }

    @Test
    void whatIsUnknownIsSaidWithItsPlace() {
        Vocabulary vocabulary = Vocabulary.ofCharacters(List.of("aber"));
        assertThatThrownBy(() -> vocabulary.encode("aßber"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "encode: 'ß' (U+00DF) at 1 in 'aßber' is not in the vocabulary of 4 characters ('a' 'b' 'e' 'r');"
                                + " build it from texts that have it, or with the token UNKNOWN");
        assertThatThrownBy(() -> vocabulary.index("\n"))
                .hasMessage(
                        "index of '\\u000A': it is not in the vocabulary of 4 characters ('a' 'b' 'e' 'r'); build it from"
                                + " texts that have it, or with the token UNKNOWN");
        assertThatThrownBy(() -> vocabulary.decode(1, 4))
                .hasMessage(
                        "decode: number 4 at 1: those of the vocabulary of 4 characters ('a' 'b' 'e' 'r') go from 0 to 3");
        assertThatThrownBy(() -> vocabulary.symbol(-1)).hasMessageStartingWith("symbol -1: numbers of the vocabulary");
        assertThatThrownBy(() -> vocabulary.index(Token.START))
                .hasMessageStartingWith("index of <start>: the vocabulary of 4");
        assertThatThrownBy(() -> Vocabulary.ofWords(List.of(" ")))
                .hasMessage("vocabulary of 1 texts: no symbol is there 1 time; give texts that have some");
        assertThatThrownBy(() -> VocabularyChoice.of(Unit.BYTES))
                .hasMessage("vocabulary of bytes: it has all 256, whatever the texts are; Vocabulary.ofBytes makes it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "nonsense",
                "{'vocabulary':1}",
                "{\"vocabulary\":2,\"unit\":\"characters\",\"tokens\":[],\"symbols\":[\"a\"]}",
                "{\"vocabulary\":1,\"unit\":\"letters\",\"tokens\":[],\"symbols\":[\"a\"]}",
                "{\"vocabulary\":1,\"unit\":\"characters\",\"tokens\":[\"end\",\"end\"],\"symbols\":[\"a\"]}",
                "{\"vocabulary\":1,\"unit\":\"characters\",\"tokens\":[],\"symbols\":[\"a\",\"a\"]}",
                "{\"vocabulary\":1,\"unit\":\"characters\",\"tokens\":[],\"symbols\":[\"ab\"]}",
                "{\"vocabulary\":1,\"unit\":\"characters\",\"tokens\":[],\"symbols\":[1]}",
                "{\"vocabulary\":1,\"unit\":\"words\",\"tokens\":[],\"symbols\":[\"a b\"]}",
                "{\"vocabulary\":1,\"unit\":\"bytes\",\"tokens\":[],\"symbols\":[\"a\"]}",
                "{\"vocabulary\":1,\"unit\":\"words\",\"tokens\":[],\"symbols\":[]}",
                "{\"vocabulary\":1,\"unit\":\"words\",\"symbols\":[\"a\"]}",
                "{\"vocabulary\":1,\"unit\":\"words\",\"tokens\":[],\"symbols\":[\"a\"]} x",
                "{\"vocabulary\":1,\"unit\":\"words\",\"tokens\":[],\"symbols\":[\"a\"]"
            })
    void aTextThatItDidNotWriteIsRefused(String text) {
        assertThatThrownBy(() -> Vocabulary.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("vocabulary of the text "
                        + text.chars().limit(40).mapToObj(Character::toString).collect(Collectors.joining()));
    }
}
