package dev.clew.examples.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Code that a page shows.
 *
 * @param language {@code java} or {@code python}
 * @param code its lines, from the margin on
 */
record CodeSample(String language, String code) {
    private static final Pattern SNIPPET = Pattern.compile("\\{@snippet\\s+lang=\"?(\\w+)\"?\\s*:[^\\n]*\\n");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(\\w+)\\n(.*?)^ *```");
    /** The stars down the left side of a comment. */
    private static final Pattern MARGIN = Pattern.compile("(?m)^ *\\* ?");

    private static final Pattern PRINTS = Pattern.compile("\\s*IO\\.println\\(.*\\);\\s*(?:// (.*))?");
    private static final Pattern COMMENT = Pattern.compile("\\s*// (.*)");

    /** Those of a Java source, in their order. */
    static List<CodeSample> ofJavadoc(String source) {
        return SNIPPET.matcher(source)
                .results()
                .map(start -> new CodeSample(
                        start.group(1), withoutMargin(source.substring(start.end(), end(source, start)))))
                .toList();
    }

    /** Those of a Markdown page, in their order. */
    static List<CodeSample> ofMarkdown(String page) {
        return BLOCK.matcher(page)
                .results()
                .map(block -> new CodeSample(block.group(2), fromTheMargin(block.group(3))))
                .toList();
    }

    /** Where the brace is that closes the tag: braces in a snippet come in pairs, also those in its texts. */
    private static int end(String source, MatchResult start) {
        int open = 1;
        int at = start.end();
        while (open > 0 && at < source.length()) {
            char next = source.charAt(at++);
            open += next == '{' ? 1 : next == '}' ? -1 : 0;
        }
        return at - 1;
    }

    private static String withoutMargin(String comment) {
        return fromTheMargin(MARGIN.matcher(comment).replaceAll(""));
    }

    /** An empty line at the end would be one without indentation. */
    private static String fromTheMargin(String lines) {
        return lines.stripTrailing().stripIndent() + "\n";
    }

    /** What it prints, as it says itself: beside a {@code println}, or in the lines of comments below it. */
    List<String> printed() {
        List<String> printed = new ArrayList<>();
        boolean isBelow = false;
        for (String line : code.lines().toList()) {
            var prints = PRINTS.matcher(line);
            var comment = COMMENT.matcher(line);
            if (prints.matches() && prints.group(1) != null) {
                printed.add(prints.group(1));
            } else if (isBelow && comment.matches()) {
                printed.add(comment.group(1));
            }
            isBelow = prints.matches() ? prints.group(1) == null : isBelow && comment.matches();
        }
        return printed;
    }
}
