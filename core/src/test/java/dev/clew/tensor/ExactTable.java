package dev.clew.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.clew.array.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The points of one function and type: numbers in columns, of which the first are the inputs. */
record ExactTable(String function, DType type, List<List<String>> rows) {

    /** The tables of a file, each under a line with its function and type. */
    static List<ExactTable> read(String file) throws IOException {
        List<ExactTable> tables = new ArrayList<>();
        for (String line : Resources.readLines(Resources.getResource(ExactTable.class, file), UTF_8)) {
            List<String> words = Splitter.on(' ').splitToList(line);
            if (words.size() == 2) {
                DType type = DType.valueOf(words.get(1).toUpperCase(Locale.ROOT));
                tables.add(new ExactTable(words.get(0), type, new ArrayList<>()));
            } else if (!line.startsWith("#")) {
                tables.getLast().rows.add(words);
            }
        }
        return tables;
    }

    int columns() {
        return rows.getFirst().size();
    }

    double[] column(int i) {
        return rows.stream().mapToDouble(row -> Double.parseDouble(row.get(i))).toArray();
    }

    /** A unit in the last place of a number of a type. */
    static double unit(DType type, double number) {
        return type == DType.F32 ? Math.ulp((float) number) : Math.ulp(number);
    }

    @Override
    public String toString() {
        return function + " " + type;
    }
}
