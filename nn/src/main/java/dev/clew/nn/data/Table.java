package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rows of fields in named columns, which become numbers when they are asked for.
 *
 * <p>An empty field is missing, and so are {@link #withMarks marks} such as NA. What is missing is an error where a number is asked for,
 * unless it is said what number stands for it ({@link #withMissing}), or such rows are left out ({@link #present}).
 */
public final class Table {
    /** As people and programs write numbers; Java also takes {@code 1d} and {@code 0x1p3}. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private final Path file;
    private final ImmutableList<String> columns;
    private final ImmutableList<Row> rows;
    private final Set<String> marks;
    private final OptionalDouble missing;

    private Table(
            Path file,
            ImmutableList<String> columns,
            ImmutableList<Row> rows,
            Set<String> marks,
            OptionalDouble missing) {
        this.file = file;
        this.columns = columns;
        this.rows = rows;
        this.marks = marks;
        this.missing = missing;
    }

    Table(Path file, List<String> columns, List<Row> rows) {
        this(
                file,
                ImmutableList.copyOf(columns),
                ImmutableList.copyOf(rows),
                ImmutableSet.of(""),
                OptionalDouble.empty());
    }

    /** @param line where it begins, counted from 1 */
    record Row(long line, ImmutableList<String> fields) {}

    /** How columns are called, in their order. */
    public List<String> columns() {
        return columns;
    }

    /** How many rows there are, without the header. */
    public int size() {
        return rows.size();
    }

    /** Fields with one of these texts are missing, as empty ones are. */
    public Table withMarks(String... texts) {
        Present.require("withMarks", (Object) texts);
        Set<String> all =
                ImmutableSet.<String>builder().addAll(marks).add(texts).build();
        return new Table(file, columns, rows, all, missing);
    }

    /** Where a number is missing, it is this one: NaN or 0, say. */
    public Table withMissing(double number) {
        return new Table(file, columns, rows, marks, OptionalDouble.of(number));
    }

    /**
     * Only the rows in which none of these columns is missing.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    public Table present(String... names) {
        Present.require("present", (Object) names);
        int[] places = places("present", names);
        ImmutableList<Row> whole = rows.stream()
                .filter(row -> Arrays.stream(places).noneMatch(place -> isMissing(row, place)))
                .collect(ImmutableList.toImmutableList());
        return new Table(file, columns, whole, marks, missing);
    }

    /**
     * A column as it stands there, what is missing too.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    public List<String> text(String column) {
        Present.require("text", column);
        int place = places("text", column)[0];
        return rows.stream().map(row -> row.fields.get(place)).collect(ImmutableList.toImmutableList());
    }

    /**
     * A column of numbers. Shapes: (rows) f64.
     *
     * @throws IllegalArgumentException if there is no such column, or a field is not a finite number, which names its line
     */
    public NDArray numbers(String column) {
        Present.require("numbers", column);
        return sideBySide("numbers", column).reshape(Shape.of(rows.size()));
    }

    /**
     * Columns of numbers, side by side. Shapes: (rows, columns) f64.
     *
     * @throws IllegalArgumentException if there is no such column, or a field is not a finite number, which names its line
     */
    public NDArray matrix(String... names) {
        Present.require("matrix", (Object) names);
        return sideBySide("matrix", names);
    }

    private NDArray sideBySide(String asked, String... names) {
        int[] places = places(asked, names);
        double[] numbers = new double[Shape.of(rows.size(), places.length).elements()];
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < places.length; i++) {
                numbers[row * places.length + i] = number(asked, rows.get(row), places[i]);
            }
        }
        return NDArray.of(Shape.of(rows.size(), places.length), numbers);
    }

    /**
     * A column of whole numbers. Shapes: (rows) i32.
     *
     * @throws IllegalArgumentException if there is no such column, or a field is not a whole number of 32 bits, which names its line
     */
    public NDArray integers(String column) {
        Present.require("integers", column);
        int place = places("integers", column)[0];
        int[] numbers = new int[rows.size()];
        for (int i = 0; i < numbers.length; i++) {
            double number = number("integers", rows.get(i), place);
            numbers[i] = (int) number;
            if (numbers[i] != number) {
                throw wrong(
                        "integers",
                        rows.get(i),
                        place,
                        Utf8File.shown(rows.get(i).fields.get(place))
                                + " is not a whole number from -2147483648 to 2147483647; numbers() takes others");
            }
        }
        return NDArray.of(numbers);
    }

    /**
     * Where a column is missing. Shapes: (rows) bool.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    public NDArray isMissing(String column) {
        Present.require("isMissing", column);
        int place = places("isMissing", column)[0];
        boolean[] all = new boolean[rows.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = isMissing(rows.get(i), place);
        }
        return NDArray.of(all);
    }

    private boolean isMissing(Row row, int place) {
        return marks.contains(row.fields.get(place));
    }

    private double number(String asked, Row row, int place) {
        if (isMissing(row, place)) {
            return missing.orElseThrow(() -> wrong(
                    asked,
                    row,
                    place,
                    "there is no number; say what stands for it,"
                            + " withMissing(Double.NaN), or leave such rows out, present(\"" + columns.get(place)
                            + "\")"));
        }
        String field = row.fields.get(place).strip();
        double number = NUMBER.matcher(field).matches() ? Double.parseDouble(field) : Double.NaN;
        if (!Double.isFinite(number)) {
            throw wrong(
                    asked,
                    row,
                    place,
                    Utf8File.shown(field)
                            + (Double.isNaN(number)
                                    ? " is not a number; where it says that one is missing, name it in withMarks"
                                    : " is beyond what a double holds"));
        }
        return number;
    }

    private IllegalArgumentException wrong(String asked, Row row, int place, String what) {
        return Utf8File.wrong(
                asked + " of",
                file,
                row.line,
                "in column " + (place + 1) + ", " + Utf8File.shown(columns.get(place)) + ", " + what);
    }

    private int[] places(String asked, String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException(asked + "() of " + this + ": it takes the name of a column or more");
        }
        int[] places = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            places[i] = columns.indexOf(names[i]);
            if (places[i] < 0) {
                throw new IllegalArgumentException(
                        asked + " of the column " + Utf8File.shown(names[i]) + ": there is none in " + this);
            }
        }
        return places;
    }

    /** From where it is, how many rows and which columns it has. */
    @Override
    public String toString() {
        return "table " + file + " of " + rows.size() + " rows, with the columns " + String.join(", ", columns);
    }
}
