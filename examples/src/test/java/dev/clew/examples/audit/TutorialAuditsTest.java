package dev.clew.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.examples.tutorial.Notebooks;
import dev.clew.examples.tutorial.Tutorial;
import dev.clew.examples.tutorial.Tutorials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A wrong gradient that is named, a right one, and a wrong one of which something else is expected. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TutorialAuditsTest {
    private static final String NAME = "missing transpose: Wh stands where Whᵀ belongs";

    private TutorialAudits audits = new TutorialAudits(List.of());

    @TempDir
    private Path folder;

    @BeforeAll
    void audit() {
        Tutorial wrong = Tutorials.all().getFirst();
        audits = TutorialAudits.of(List.of(wrong, Notebooks.countingSigmoid(), expecting(wrong, "h_t < …")));
    }

    private static Tutorial expecting(Tutorial one, String name) {
        return new Tutorial(
                one.name(),
                one.source(),
                one.written(),
                one.right(),
                one.isRight(),
                List.of(name),
                one.model(),
                one.points(),
                one.code());
    }

    @Test
    void eachHasItsNameItsOriginItsExplanationAndBothFormulas() {
        assertThat(audits.text(false))
                .startsWith("recurrent weight without transpose  (vzhou842/rnn-from-scratch)\n  explained; wrong: ")
                .contains("\n  " + NAME + "\n    yours      dh_t = Wh·")
                .contains("\n    should be  dh_t = Whᵀ·")
                .contains("\n\ncounting (sigmoid)  (notebook 003)\n  right\n\n");
    }

    @Test
    void theFullTextHasTheWholeReportBelowWhatStandsThere() {
        assertThat(audits.text(true))
                .contains(
                        "\n  there stands  dh_{t−1} = Wh δ_t\n  and right is  dh_{t−1} = Whᵀ δ_t\n\n  gradient audit: explained")
                .contains("  adjoints of the steps, going backwards\n");
    }

    @Test
    void theTableTellsWhatIsMissed() {
        assertThat(audits.areAsExpected()).isFalse();
        assertThat(new TutorialAudits(audits.audited().subList(0, 2)).areAsExpected())
                .isTrue();
        assertThat(audits.text(false))
                .containsPattern("\nrecurrent weight without +explained +missing transpose: Wh .* +MISSED: h_t < …\n")
                .endsWith("\n1 of 2 wrong gradients are named as they should be, 1 of 1 right ones found right");
        assertThat(audits.text(false).lines()).allMatch(line -> line.length() <= 130);
    }

    @Test
    void aFolderOfPagesIsMadeWithAnIndex() throws IOException {
        Path pages = folder.resolve("new").resolve("pages");
        audits.write(pages);
        assertThat(pages.resolve("index.html"))
                .content()
                .contains("<a href=\"01.html\">recurrent weight without transpose</a>")
                .contains("<strong>missed</strong> <ul><li>h_t &lt; …</li></ul>");
        assertThat(pages.resolve("01.html")).content().contains(NAME);
        assertThat(pages.resolve("03.html")).exists();
    }
}
