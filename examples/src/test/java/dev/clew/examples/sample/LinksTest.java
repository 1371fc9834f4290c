package dev.clew.examples.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links of Markdown files to files and headings of this repository lead somewhere. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> lost = new ArrayList<>();
        int links = 0;
        for (Path file : SampledPage.markdown()) {
            String text = CODE.matcher(Files.readString(file)).replaceAll("");
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                links++;
                Path to = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
                if (!Files.exists(to) || (link.group(2) != null && !anchors(to).contains(link.group(2)))) {
                    lost.add(file.getFileName() + " " + link.group());
                }
            }
        }
        assertThat(links).isGreaterThan(20);
        assertThat(lost).as("links that lead nowhere").isEmpty();
    }

    /** Headings in small letters, with hyphens for blanks and without punctuation, as hosts of repositories name them. */
    private static List<String> anchors(Path file) throws IOException {
        return HEADING.matcher(Files.readString(file))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
