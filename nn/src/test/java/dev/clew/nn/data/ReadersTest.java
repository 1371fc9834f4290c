package dev.clew.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is right is read as it stands there; what is not is named by its line. */
class ReadersTest {
    private final List<Path> files = new ArrayList<>();

    private Path file(byte... bytes) {
        try {
            Path file = Files.write(Files.createTempFile("clew", ".txt"), bytes);
            files.add(file);
            return file;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private Path file(String text) {
        return file(text.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    @net.jqwik.api.lifecycle.AfterTry
    void nothingIsHeldOpen() throws IOException {
        for (Path file : files) {
            Files.delete(file);
        }
        files.clear();
    }

    private void assertWrong(ThrowingCallable asked, Path file, String message) {
        assertThatThrownBy(asked)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message.replace("FILE", file.toString()));
    }

    @Test
    void linesEndInEitherWayAndAMarkIsNoText() {
        assertThat(Lines.of(file("\ufeffeins\r\nzwei\n\n\u20ac\ud83d\ude00")))
                .containsExactly("eins", "zwei", "", "€😀");
        assertThat(Lines.of(file("one\n"))).containsExactly("one");
        assertThat(Lines.of(file(""))).isEmpty();
        assertThat(Lines.of(file("\n"))).containsExactly("");
        assertThat(Lines.text(file("a\r\nb\rc\n"))).isEqualTo("a\nb\rc\n");
    }

    @Test
    void aByteThatIsNotUtf8IsNamedByLineAndColumn() {
        Path latin = file("Stra\u00dfe\nM\u00fcller\n".getBytes(StandardCharsets.ISO_8859_1));
        assertWrong(
                () -> Lines.of(latin),
                latin,
                "read FILE, line 1, column 5: the byte 0xDF after 'Stra' is not UTF-8; save the file as UTF-8");
        Path cut = file(
                (byte) 'a', (byte) '\n', (byte) 0xf0, (byte) 0x9f, (byte) 0x98, (byte) 0x80, (byte) 0xe2, (byte) 0x82);
        assertWrong(
                () -> Lines.text(cut),
                cut,
                "read FILE, line 2, column 2: the byte 0xE2 after '😀' (U+1F600) is not UTF-8; save the file as UTF-8");
        // Half of a surrogate pair, and a zero of two bytes.
        assertThatThrownBy(() -> Lines.text(file((byte) 0xed, (byte) 0xa0, (byte) 0x80)))
                .hasMessageContaining("line 1, column 1: the byte 0xED");
        assertThatThrownBy(() -> Lines.text(file((byte) 0xc0, (byte) 0x80))).hasMessageContaining("the byte 0xC0");
        Path nowhere = Path.of("no", "such.txt");
        assertThatThrownBy(() -> Lines.text(nowhere))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("read " + nowhere + ": there is no such file");
    }

    /** A field as a writer that follows RFC 4180 to the letter has it. */
    @Provide
    Arbitrary<List<List<String>>> rows() {
        return Arbitraries.of("a", "\"", "\n", "\r\n", ",", ";", "é", " ", "\ud83d\ude00", "1")
                .list()
                .ofMaxSize(4)
                .map(parts -> String.join("", parts))
                .list()
                .ofSize(2)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    @Property(tries = 150)
    void whatIsWrittenInQuotesIsRead(@ForAll("rows") List<List<String>> rows, @ForAll boolean isMarked) {
        String text = rows.stream()
                .map(row -> row.stream()
                        .map(field -> "\"" + field.replace("\"", "\"\"") + "\"")
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("\r\n"));
        Table table = CsvFile.of(file((isMarked ? "\ufeff" : "") + text))
                .withoutHeader()
                .read();
        assertThat(table.size()).isEqualTo(rows.size());
        for (int i = 0; i < 2; i++) {
            int column = i;
            assertThat(table.text(column + 1 + ""))
                    .isEqualTo(rows.stream().map(row -> row.get(column)).toList());
        }
    }

    @Test
    void columnsBecomeNumbers() {
        Path weather = file("day;rain;wind\n1;0.5;-3\n2;;4e0\n\n3;NA; .25 \n");
        Table table = CsvFile.of(weather).withSeparator(';').read();
        assertThat(table).hasToString("table " + weather + " of 3 rows, with the columns day, rain, wind");
        assertThat(table.columns()).containsExactly("day", "rain", "wind");
        assertThat(table.integers("day")).isEqualTo(NDArray.of(new int[] {1, 2, 3}));
        assertThat(table.matrix("wind", "day")).isEqualTo(NDArray.of(new double[][] {{-3, 1}, {4, 2}, {0.25, 3}}));
        assertThat(table.withMarks("NA").isMissing("rain")).isEqualTo(NDArray.of(new boolean[] {false, true, true}));
        assertThat(table.withMarks("NA").withMissing(Double.NaN).numbers("rain"))
                .isEqualTo(NDArray.of(new double[] {0.5, Double.NaN, Double.NaN}));
        assertThat(table.withMarks("NA").present("rain", "day").numbers("wind"))
                .isEqualTo(NDArray.of(new double[] {-3}));
        assertWrong(
                () -> table.numbers("rain"),
                weather,
                "numbers of FILE, line 3: in column 2, 'rain', there is no number; say what stands for it,"
                        + " withMissing(Double.NaN), or leave such rows out, present(\"rain\")");
        assertWrong(
                () -> table.present("rain").numbers("rain"),
                weather,
                "numbers of FILE, line 5: in column 2, 'rain', 'NA' is not a number; where it says that one is missing, name it"
                        + " in withMarks");
        assertWrong(
                () -> table.integers("wind"),
                weather,
                "integers of FILE, line 5: in column 3, 'wind', ' .25 ' is not a whole number from -2147483648 to 2147483647;"
                        + " numbers() takes others");
        assertWrong(
                () -> table.text("snow"),
                weather,
                "text of the column 'snow': there is none in table FILE of 3 rows, with the columns day, rain, wind");
        assertThatThrownBy(table::matrix).hasMessageStartingWith("matrix() of table ");
    }

    @ParameterizedTest
    @CsvSource({"1d", "0x1p3", "NaN", "Infinity", "1e999", "1.2.3", "--1", "'1,5'", "1_000", "٣", "e5", "."})
    void whatOtherReadersMightTakeForANumberIsNotOne(String text) {
        Table table = CsvFile.of(file("\"" + text + "\"")).withoutHeader().read();
        assertThatThrownBy(() -> table.numbers("1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(", line 1: in column 1, '1', '" + text.charAt(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,b/1,2/3|line 3: the first row has 2 fields, and this one 1: '3'; a field that has ',' within stands in quotes",
                "a,b/1,2,3|line 2: the first row has 2 fields, and this one 3: '1,2,3'; a field that has ',' within stands in quotes",
                "a,b/1,\"2/3,4/5|line 2: a quote is not closed, and takes in all that follows: '2\\u000A3,4\\u000A5'",
                "a,b/1,2\"/|line 2: a quote stands within the field '2\"', which does not begin with one; put all of it in quotes,"
                        + " and double those within",
                "a,b/1, \"2\"/|line 2: a quote stands within the field ' \"2\"', which does not begin with one; put all of it in"
                        + " quotes, and double those within",
                "a,b/\"1\"x,2|line 2: Unexpected character after closing quote: 'x' (0x78)",
                "a,b,a/1,2,3|line 1: two columns are called 'a'; give each a name of its own, or read it withoutHeader()"
            })
    void aRowThatIsNoneIsNamedByItsLine(String text, String what) {
        Path file = file(text.replace('/', '\n'));
        assertWrong(() -> CsvFile.of(file).read(), file, "read FILE, " + what);
    }

    @Test
    void aFileWithoutRowsIsNoTable() {
        Path empty = file("");
        assertWrong(() -> CsvFile.of(empty).read(), empty, "read FILE: it has no row, nor a header");
        assertThat(CsvFile.of(file("a,b")).read().numbers("a").shape().elements())
                .isZero();
        assertThatThrownBy(() -> CsvFile.of(empty).withSeparator('"'))
                .hasMessage("csvFile " + empty
                        + " with the separator '\"': that has another meaning; ',', ';' or a tab, say");
    }

    @Test
    void fieldsOfJsonBecomeTextsNumbersAndArrays() {
        Path file = file("""
                {"name": "A\\u0301", "n": 3, "x": 1e-3, "all": [[1, 2], [3, 4.5], [5, 6]]}\r

                {"n": -2147483648, "name": "", "x": 7, "all": [], "more": null}
                """);
        JsonLines lines = JsonLines.read(file);
        assertThat(lines).hasToString("JSON lines " + file + " of 2 objects");
        assertThat(lines.text("name")).containsExactly("A\u0301", "");
        assertThat(lines.integers("n")).isEqualTo(NDArray.of(new int[] {3, Integer.MIN_VALUE}));
        assertThat(lines.numbers("x")).isEqualTo(NDArray.of(new double[] {1e-3, 7}));
        assertThat(lines.arrays("all", DType.F32))
                .containsExactly(NDArray.of(new float[][] {{1, 2}, {3, 4.5f}, {5, 6}}), NDArray.of(new float[0]));
        assertThat(lines.present("more").size()).isZero();
        assertWrong(
                () -> lines.numbers("more"),
                file,
                "numbers of FILE, line 1: in the field 'more', there is nothing; the line has 'name, n, x, all';"
                        + " present(\"more\") leaves such lines out");
        assertWrong(() -> lines.text("n"), file, "text of FILE, line 1: in the field 'n', '3' is not a text in quotes");
        assertWrong(
                () -> lines.integers("x"),
                file,
                "integers of FILE, line 1: in the field 'x', '1e-3' is not a whole number of 32 bits");
        assertWrong(
                () -> lines.arrays("all", DType.I32),
                file,
                "arrays of FILE, line 1: in the field 'all', '4.5' is not a whole number of 32 bits");
        assertThatThrownBy(() -> lines.arrays("all", DType.BOOL))
                .hasMessageStartingWith("arrays of the field 'all' as bool:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"a\":2}|the field 'a' is there twice",
                "{\"a\":NaN}|it is not JSON: '{\"a\":NaN}'",
                "{'a':1}|it is not JSON: '{'a':1}'",
                "{\"a\":1|it is not JSON: '{\"a\":1'",
                "{\"a\":1} {}|it is not JSON: '{\"a\":1} {}'",
                "[1]|it is not an object {...}: '[1]'",
                "null|it is not an object {...}: 'null'",
                "{\"a\":01}|it is not JSON: '{\"a\":01}'"
            })
    void aLineThatIsNoObjectIsNamed(String line, String what) {
        Path file = file("{}\n" + line + "\n{}");
        assertThatThrownBy(() -> JsonLines.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("read " + file + ", line 2: ")
                .hasMessageContaining(what);
    }

    @Test
    void listsOfOneLevelAreOfOneLength() {
        Path file = file("{\"a\": [[1, 2], [3]]}\n{\"a\": [1e300]}");
        assertWrong(
                () -> JsonLines.read(file).arrays("a", DType.F64),
                file,
                "arrays of FILE, line 1: in the field 'a', '[3]' is not a list of 2, as the first of its level is; lists of a level"
                        + " are of one length");
        Path large = file("{\"a\": [1e300], \"b\": 4294967296, \"c\": 1.0000000000000000001, \"d\": 1e400}");
        JsonLines lines = JsonLines.read(large);
        assertThat(lines.arrays("a", DType.F64)).containsExactly(NDArray.of(new double[] {1e300}));
        assertWrong(
                () -> lines.arrays("a", DType.F32),
                large,
                "arrays of FILE, line 1: in the field 'a', '1e300' is beyond what f32 holds");
        assertThatThrownBy(() -> lines.integers("b"))
                .hasMessageContaining("'4294967296' is not a whole number of 32 bits");
        assertThatThrownBy(() -> lines.integers("c")).hasMessageContaining("is not a whole number of 32 bits");
        assertThatThrownBy(() -> lines.numbers("d")).hasMessageContaining("'1e400' is beyond what f64 holds");
    }
}
