package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.clew.internal.array.Present;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A file of comma-separated values (RFC 4180), read at once and strictly as UTF-8: a field in quotes may have separators, line ends and
 * doubled quotes within. Empty lines are skipped.
 *
 * @param file where it is
 * @param separator what stands between fields
 * @param hasHeader whether the first row has the names of the columns; else they are called 1, 2, ...
 */
public record CsvFile(Path file, char separator, boolean hasHeader) {
    private static final char QUOTE = '"';

    /**
     * Of all three.
     *
     * @throws IllegalArgumentException if the separator is a quote or a line end
     */
    public CsvFile {
        Present.require("csvFile", file);
        if (separator == QUOTE || separator == '\n' || separator == '\r') {
            throw new IllegalArgumentException(
                    "csvFile " + file + " with the separator " + Symbols.quoted(Character.toString(separator))
                            + ": that has another meaning; ',', ';' or a tab, say");
        }
    }

    /** A file with commas and a header. */
    public static CsvFile of(Path file) {
        return new CsvFile(file, ',', true);
    }

    /** With another separator, such as {@code ';'} or {@code '\t'}. */
    public CsvFile withSeparator(char other) {
        return new CsvFile(file, other, hasHeader);
    }

    /** Whose first row is data. */
    public CsvFile withoutHeader() {
        return new CsvFile(file, separator, false);
    }

    /**
     * What stands in it.
     *
     * @throws IllegalArgumentException if there is no row, a row has another number of fields than the first, two columns have one name, or
     *     quotes do not fit, which names the line
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public Table read() {
        List<Table.Row> rows = rows(Utf8File.read(file));
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(
                    "read " + file + ": it has no row" + (hasHeader ? ", nor a header" : ""));
        }
        int columns = rows.getFirst().fields().size();
        if (!hasHeader) {
            return new Table(
                    file,
                    IntStream.rangeClosed(1, columns)
                            .mapToObj(Integer::toString)
                            .toList(),
                    rows);
        }
        ImmutableList<String> names = rows.getFirst().fields();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw Utf8File.wrong(
                        "read",
                        file,
                        rows.getFirst().line(),
                        "two columns are called " + Utf8File.shown(name)
                                + "; give each a name of its own, or read it withoutHeader()");
            }
        }
        return new Table(file, names, rows.subList(1, rows.size()));
    }

    private List<Table.Row> rows(String text) {
        List<Table.Row> rows = new ArrayList<>();
        Strict strict = new Strict();
        // The text is in memory: there is nothing to close.
        CsvReader<Table.Row> reader = CsvReader.builder()
                .fieldSeparator(separator)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .build(strict, text);
        try {
            reader.forEach(rows::add);
        } catch (CsvParseException error) {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            IllegalArgumentException wrong =
                    Utf8File.wrong("read", file, strict.line, String.valueOf(cause.getMessage()));
            wrong.initCause(error);
            throw wrong;
        }
        requireWhole(text, rows);
        return rows;
    }

    private void requireWhole(String text, List<Table.Row> rows) {
        // Quotes stand only around and, doubled, within quoted fields. One that is not closed takes all that follows
        // into its row.
        if (text.chars().filter(each -> each == QUOTE).count() % 2 != 0) {
            Table.Row last = rows.getLast();
            throw Utf8File.wrong(
                    "read",
                    file,
                    last.line(),
                    "a quote is not closed, and takes in all that follows: "
                            + Utf8File.shown(last.fields().getLast()));
        }
        for (Table.Row row : rows) {
            int columns = rows.getFirst().fields().size();
            if (row.fields().size() != columns) {
                String all = String.join(Character.toString(separator), row.fields());
                throw Utf8File.wrong(
                        "read",
                        file,
                        row.line(),
                        "the first row has " + columns + " fields, and this one "
                                + row.fields().size() + ": "
                                + Utf8File.shown(all) + "; a field that has "
                                + Symbols.quoted(Character.toString(separator))
                                + " within stands in quotes");
            }
        }
    }

    /** Makes rows, and refuses quotes for which RFC 4180 has no meaning. */
    private static final class Strict extends AbstractBaseCsvCallbackHandler<Table.Row> {
        private final List<String> fields = new ArrayList<>();
        private long line = 1;

        @Override
        protected void handleBegin(long startingLineNumber) {
            fields.clear();
            line = startingLineNumber;
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            String field = new String(buffer, offset, length);
            if (!quoted && field.indexOf(QUOTE) >= 0) {
                throw new CsvParseException("a quote stands within the field " + Utf8File.shown(field)
                        + ", which does not begin with one; put all of it in quotes, and double those within");
            }
            fields.add(field);
        }

        @Override
        protected Table.Row buildRecord() {
            return new Table.Row(line, ImmutableList.copyOf(fields));
        }
    }
}
