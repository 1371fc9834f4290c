package dev.clew.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What two formulas have in common, name by name and sign by sign: the longest common subsequence of their tokens. */
final class FormulaDifference {
    /** Letters and digits; a transpose is a sign of its own, as it may be all that is missing. */
    private static final String WORD = "[\\p{L}\\p{Nd}₀-₉₊₋&&[^ᵀ]]+";

    /** A name with its subscript, a stretch of spaces, or one sign. */
    private static final Pattern TOKEN =
            Pattern.compile(WORD + "(?:_(?:\\{[^}]*}|\\([^)]*\\)|" + WORD + "))?|(?s:\\s+|.)");

    /** A longer formula is shown without differences: the table of lengths would be large. */
    private static final int MOST = 1000;

    private FormulaDifference() {}

    /** A stretch of a formula. */
    record Part(String text, boolean differs) {}

    /** The first formula, in which those stretches differ that the second has not. */
    static List<Part> parts(String formula, String other) {
        List<String> own = tokens(formula);
        List<String> others = tokens(other);
        boolean[] common = own.size() > MOST || others.size() > MOST ? all(own.size()) : common(own, others);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            boolean differs = !common[i];
            boolean goesOn = !parts.isEmpty() && parts.getLast().differs() == differs;
            String before = goesOn ? parts.removeLast().text() : "";
            parts.add(new Part(before + own.get(i), differs));
        }
        return parts;
    }

    private static List<String> tokens(String formula) {
        return TOKEN.matcher(formula).results().map(MatchResult::group).toList();
    }

    private static boolean[] all(int length) {
        boolean[] all = new boolean[length];
        Arrays.fill(all, true);
        return all;
    }

    private static boolean[] common(List<String> own, List<String> others) {
        int[][] lengths = lengths(own, others);
        boolean[] common = new boolean[own.size()];
        int i = 0;
        int j = 0;
        while (i < own.size() && j < others.size()) {
            if (own.get(i).equals(others.get(j))) {
                common[i] = true;
                i++;
                j++;
            } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        // Spaces differ with what they stand between.
        for (int k = 0; k < common.length; k++) {
            boolean between = k > 0 && k + 1 < common.length && !common[k - 1] && !common[k + 1];
            common[k] = own.get(k).isBlank() ? !between : common[k];
        }
        return common;
    }

    /** How much the two have in common from a token of each on. */
    private static int[][] lengths(List<String> own, List<String> others) {
        int[][] lengths = new int[own.size() + 1][others.size() + 1];
        for (int i = own.size() - 1; i >= 0; i--) {
            for (int j = others.size() - 1; j >= 0; j--) {
                lengths[i][j] = own.get(i).equals(others.get(j))
                        ? lengths[i + 1][j + 1] + 1
                        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
            }
        }
        return lengths;
    }
}
