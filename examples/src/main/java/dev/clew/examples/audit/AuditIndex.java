package dev.clew.examples.audit;

import com.google.common.html.HtmlEscapers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page that leads to those of all audits. */
final class AuditIndex {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Gradients out of notebooks and tutorials</title>
            <style>
              :root { color-scheme: light dark; }
              body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem; font: 16px/1.5 system-ui, sans-serif; }
              table { border-collapse: collapse; width: 100%; }
              th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #8884; }
              p.source { margin: 0; opacity: .7; font-size: .85rem; }
              ul { margin: 0; padding-left: 1.1rem; }
            </style></head>
            <body><main>
            <h1>Gradients out of notebooks and tutorials</h1>
            """;

    private AuditIndex() {}

    /** The name of the file of one of them, counted from 0. */
    static String page(int number) {
        return String.format(Locale.ROOT, "%02d.html", number + 1);
    }

    static String of(TutorialAudits audits) {
        StringBuilder page = new StringBuilder(HEAD).append("<p>").append(escaped(audits.summary()));
        page.append(".</p>\n<table>\n<thead><tr><th>name</th><th>outcome</th><th>explanation</th>")
                .append("<th>expected</th></tr></thead>\n<tbody>\n");
        for (int i = 0; i < audits.audited().size(); i++) {
            row(page, i, audits.audited().get(i));
        }
        return page.append("</tbody></table>\n</main></body></html>\n").toString();
    }

    private static void row(StringBuilder page, int number, Audited audited) {
        page.append("<tr><td><a href=\"")
                .append(page(number))
                .append("\">")
                .append(escaped(audited.tutorial().name()))
                .append("</a><p class=\"source\">")
                .append(escaped(audited.tutorial().source()))
                .append("</p></td><td>")
                .append(escaped(audited.report().outcome().toString()))
                .append("</td><td>")
                .append(list(audited.names()))
                .append("</td><td>")
                .append(audited.isAsExpected() ? "" : "<strong>missed</strong> ")
                .append(list(audited.tutorial().expected()))
                .append("</td></tr>\n");
    }

    private static String list(List<String> texts) {
        return texts.stream()
                .filter(text -> !text.isEmpty())
                .map(text -> "<li>" + escaped(text) + "</li>")
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(), items -> items.isEmpty() ? "" : "<ul>" + items + "</ul>"));
    }

    private static String escaped(String text) {
        return HtmlEscapers.htmlEscaper().escape(text);
    }
}
