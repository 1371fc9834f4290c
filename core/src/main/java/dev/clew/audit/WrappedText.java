package dev.clew.audit;

/** Lines of a terminal, broken at spaces, and continued below where their text begins. */
final class WrappedText {
    private static final int WIDTH = 120;
    /** A line is not continued so far to the right that little fits there. */
    private static final int FURTHEST = WIDTH / 2;

    private final StringBuilder text = new StringBuilder();

    /** A line that begins with something, and whose text is continued below itself. */
    WrappedText line(String begin, String rest) {
        String indent = " ".repeat(Math.min(width(begin), FURTHEST));
        String line = printable(begin + rest);
        int from = begin.length();
        while (width(line) > WIDTH) {
            int space = breakOf(line, from);
            if (space < 0) {
                break;
            }
            append(line.substring(0, space));
            line = indent + line.substring(space).stripLeading();
            from = indent.length();
        }
        append(line);
        return this;
    }

    WrappedText line(String whole) {
        return line("", whole);
    }

    WrappedText blank() {
        text.append(text.isEmpty() ? "" : "\n");
        return this;
    }

    /** Whether a line need not be broken. */
    static boolean fits(String line) {
        return width(line) <= WIDTH;
    }

    /** Made as wide as others by spaces. */
    static String padded(String word, int width) {
        return word + " ".repeat(Math.max(0, width - width(word)));
    }

    static int width(String word) {
        return word.codePointCount(0, word.length());
    }

    /** The last space at which the line fits, or else the first one behind; negative if there is none. */
    private static int breakOf(String line, int from) {
        int last = line.lastIndexOf(' ', line.offsetByCodePoints(0, WIDTH));
        int content = from;
        while (content < line.length() && line.charAt(content) == ' ') {
            content++;
        }
        return last > content ? last : line.indexOf(' ', content);
    }

    /** Names may come from files: what would move the cursor of a terminal stands as the replacement character. */
    private static String printable(String line) {
        return line.codePoints()
                .map(each -> Character.isISOControl(each) ? 0xFFFD : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private void append(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    /** All lines, without a line break at the end. */
    @Override
    public String toString() {
        return text.toString().stripTrailing();
    }
}
