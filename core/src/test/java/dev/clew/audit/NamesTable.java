package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the audit calls every bug, as it was read and found right: cell, bug, mode, outcome, names. */
final class NamesTable {
    private static final String TABLE = "/audit/names.tsv";
    private static final Path SOURCE = Path.of("src/test/resources/audit/names.tsv");
    private static final int KEY_COLUMNS = 3;

    private NamesTable() {}

    /** Every row by its key. */
    static Map<String, String> rows() {
        try (InputStream in = NamesTable.class.getResourceAsStream(TABLE)) {
            assertThat(in).as(TABLE).isNotNull();
            Map<String, String> rows = new LinkedHashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(row -> rows.put(key(row), row));
            return rows;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    static void write(List<String> rows) {
        try {
            Files.createDirectories(SOURCE.getParent());
            Files.write(SOURCE, rows);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static String key(String row) {
        int end = 0;
        for (int i = 0; i < KEY_COLUMNS; i++) {
            end = row.indexOf('\t', end) + 1;
        }
        return row.substring(0, end - 1);
    }
}
