package dev.clew.audit;

import com.google.common.html.HtmlEscapers;
import java.util.ArrayDeque;
import java.util.Deque;

/** A page as it is written: elements that are closed in order, and texts that are escaped; it is XML too. */
final class Markup {
    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element. Attributes are names and values in turn. */
    Markup open(String element, String... attributes) {
        begin(element, attributes);
        text.append('>');
        open.push(element);
        return this;
    }

    Markup close() {
        text.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element with nothing in it. */
    Markup empty(String element, String... attributes) {
        begin(element, attributes);
        text.append("/>");
        return this;
    }

    /** An element with a text in it. */
    Markup element(String element, String content, String... attributes) {
        return open(element, attributes).text(content).close();
    }

    Markup text(String content) {
        text.append(escaped(content));
        return this;
    }

    /** What is ours, and no text of a user. */
    Markup raw(String trusted) {
        text.append(trusted);
        return this;
    }

    private void begin(String element, String... attributes) {
        text.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(attributes[i + 1]))
                    .append('"');
        }
    }

    /** Characters that no page may have stand as the replacement character. */
    private static String escaped(String content) {
        StringBuilder allowed = new StringBuilder(content.length());
        content.codePoints().map(each -> isAllowed(each) ? each : 0xFFFD).forEach(allowed::appendCodePoint);
        return HtmlEscapers.htmlEscaper().escape(allowed.toString());
    }

    private static boolean isAllowed(int codePoint) {
        boolean isSurrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        boolean isNoCharacter = (codePoint & 0xFFFE) == 0xFFFE;
        return codePoint == '\n'
                || codePoint == '\t'
                || (!Character.isISOControl(codePoint) && !isSurrogate && !isNoCharacter);
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("page that ends within " + open);
        }
        return text.toString();
    }
}
