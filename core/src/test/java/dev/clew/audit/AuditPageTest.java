package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page of an audit: well-formed, self-contained, and with nothing in it that a name could smuggle in. */
final class AuditPageTest {
    private static Document parsed(String page) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new InputSource(new StringReader(page)));
    }

    private static List<Element> elements(Document page, String name) {
        NodeList nodes = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static List<String> texts(Document page, String name) {
        return elements(page, name).stream().map(Element::getTextContent).toList();
    }

    private static List<Element> ofClass(Document page, String element, String style) {
        return elements(page, element).stream()
                .filter(each -> List.of(each.getAttribute("class").split(" ")).contains(style))
                .toList();
    }

    @Test
    void everyPageIsWellFormedAndNeedsNothingElse() throws Exception {
        for (AuditReport report : WrittenReports.all()) {
            String html = report.toHtml("LSTM & <b>friends</b>");
            Document page = parsed(html);
            assertThat(texts(page, "h1")).containsExactly("LSTM & <b>friends</b>");
            assertThat(html).startsWith("<!DOCTYPE html>\n").doesNotContain("<script", "@import", " src=", "xlink");
            assertThat(html).doesNotContainPattern("(?i)(href|src|url)[=(]\\s*[\"']?(http|//|data|javascript)");
            assertThat(elements(page, "a"))
                    .allSatisfy(link -> assertThat(link.getAttribute("href")).startsWith("#mistake-"));
        }
    }

    /** Links and labels lead to what is there, and each place has a name of its own. */
    @Test
    void whatIsPointedAtIsThere() throws Exception {
        Pattern blank = Pattern.compile(" ");
        for (AuditReport report : WrittenReports.all()) {
            Document page = parsed(report.toHtml("audit"));
            List<String> names = elements(page, "*").stream()
                    .map(each -> each.getAttribute("id"))
                    .filter(id -> !id.isEmpty())
                    .toList();
            assertThat(names).doesNotHaveDuplicates();
            Set<String> asked = new HashSet<>();
            elements(page, "a")
                    .forEach(link -> asked.add(link.getAttribute("href").substring(1)));
            elements(page, "*")
                    .forEach(each -> blank.splitAsStream(each.getAttribute("aria-labelledby"))
                            .filter(name -> !name.isEmpty())
                            .forEach(asked::add));
            assertThat(names).containsAll(asked);
            assertThat(elements(page, "svg"))
                    .allMatch(svg -> svg.getAttribute("aria-hidden").equals("true")
                            || svg.getAttribute("role").equals("img"));
        }
    }

    @Test
    void textsOfUsersAreTextsOnThePage() throws Exception {
        String html = WrittenReports.hostile().toHtml("</title><script>");
        Document page = parsed(html);
        assertThat(elements(page, "script")).isEmpty();
        assertThat(elements(page, "style")).hasSize(1);
        assertThat(elements(page, "b")).isEmpty();
        assertThat(elements(page, "i")).isEmpty();
        assertThat(texts(page, "h3"))
                .contains("</style><script>alert('1')</script> & \"W\" \uFFFD\uFFFD[31m\uFFFD http");
        assertThat(html.chars()).noneMatch(each -> Character.isISOControl(each) && each != '\n');
    }

    @Test
    void everyMistakeHasACardInWhichTheDifferenceIsMarked() throws Exception {
        Document page = parsed(WrittenReports.twoMistakes().toHtml("audit"));
        assertThat(texts(page, "h3")).containsExactly("h_t stands where h_{t−1} belongs", "no recurrent path");
        assertThat(texts(page, "dd"))
                .containsExactly(
                        "dWh = Σ_t  δ_t · h_tᵀ",
                        "dWh = Σ_t  δ_t · h_{t−1}ᵀ",
                        "dh_t = Vᵀ·dy_t",
                        "dh_t = Vᵀ·dy_t + Whᵀ·δ_{t+1}");
        assertThat(texts(page, "del")).containsExactly("h_t");
        assertThat(String.join("|", texts(page, "ins"))).isEqualTo("h_{t−1}|+ Whᵀ·δ_{t+1}");
        assertThat(texts(page, "p"))
                .contains(
                        "Fix: use the state before the step; t = 0 uses the initial state",
                        "Line of the forward pass: h = tanh(x·Wx + h·Wh + b), RnnCell.java:12",
                        "Agrees to 2e-15 on 112 numbers. Makes wrong: Wx, Wh, b. Adjoints it makes wrong: h.",
                        "Nearest explanation that does not fit: truncated at 2 steps  (off by 0.03).");
    }

    @Test
    void arraysAreATableThatLeadsToTheMistakes() throws Exception {
        Document page = parsed(WrittenReports.twoMistakes().toHtml("audit"));
        assertThat(elements(page, "tr").stream().map(Element::getTextContent))
                .containsExactly(
                        "arrayshapeverdictrelative errorcosinebecause of",
                        "Wx(8, 3)✗ wrong 0.880.72mistake 2",
                        "Wh(8, 8)✗ wrong 1.350.17mistake 1, mistake 2",
                        "b(8)✗ wrong 0.72NaNmistake 2",
                        "V(3, 8)✓ right 2e-161");
    }

    @Test
    void theMapHasACellForEveryStepAndMarksWhatIsWrong() throws Exception {
        Document page = parsed(WrittenReports.twoMistakes().toHtml("audit"));
        List<String> tips = elements(page, "title").stream()
                .map(Element::getTextContent)
                .filter(tip -> tip.contains("relative error"))
                .toList();
        assertThat(tips)
                .hasSize(20)
                .contains(
                        "dh at step 4: right, relative error 6e-16",
                        "dh at step 3: first wrong, going backwards; does not follow from later ones, relative error 0.03",
                        "dh at step 2: wrong; follows from later ones, relative error 0.09");
        // One more of each in the legend.
        assertThat(ofClass(page, "circle", "own")).hasSize(2 + 1);
        assertThat(ofClass(page, "rect", "first")).hasSize(2 + 1);
        assertThat(ofClass(page, "rect", "carried")).hasSize(3 + 2 + 1);
        assertThat(texts(page, "text"))
                .startsWith("dh", "dcell", "0", "1")
                .endsWith("step, in the order of time; the backward pass goes ←");
        assertThat(texts(page, "li"))
                .contains("dh: right at steps 9 to 4; first wrong, going backwards: h3; wrong at steps 3 to 0,"
                        + " carried on at 2 to 0");
    }

    /** Cells become narrow, and only some steps have a number below. */
    @Test
    void aLongSequenceHasFewNumbers() throws Exception {
        List<AuditedStep> steps = new ArrayList<>();
        for (int t = 399; t >= 0; t--) {
            steps.add(new AuditedStep("h", t, 0, true, true));
        }
        AuditReport right = WrittenReports.right();
        Document page = parsed(new AuditReport(
                        right.outcome(),
                        right.forward(),
                        right.gradients(),
                        steps,
                        List.of(),
                        right.next(),
                        right.nextDistance(),
                        right.location(),
                        List.of(),
                        1)
                .toHtml("long"));
        assertThat(ofClass(page, "text", "tick")).hasSize(400 / 5 + 1);
        assertThat(ofClass(page, "rect", "cell")).hasSize(400 + ErrorScale.COLORS + 3);
    }

    @Test
    void whatIsUnexplainedHasItsPlaceAndElements() throws Exception {
        Document page = parsed(WrittenReports.unexplained().toHtml("audit"));
        assertThat(texts(page, "h2"))
                .containsExactly(
                        "Where it begins",
                        "Arrays",
                        "Adjoints of the steps",
                        "Elements that are farthest off, where there is no explanation");
        assertThat(texts(page, "td")).contains("Wh[1, 1]", "-1.00000000", "NaN");
        assertThat(texts(parsed(WrittenReports.otherForward().toHtml("audit")), "p").stream()
                        .collect(Collectors.joining("\n")))
                .startsWith(
                        "the forward pass differs1 of 1 array wrong\n"
                                + "The forward pass by hand computes something else: going forward, the first difference is in h2,");
    }

    @Test
    void colorsGoFromRoundingToAllOfTheNumber() {
        assertThat(List.of(0.0, 1e-17, 1e-16, 1e-8, 0.5, 1.0, 1e9, 1 / 0.0, 0.0 / 0))
                .extracting(ErrorScale::color)
                .containsExactly("e0", "e0", "e0", "e5", "e9", "e9", "e9", "e9", "e9");
    }

    @Test
    void formulasDifferInTokens() {
        assertThat(FormulaDifference.parts("a·b", "a·bᵀ")).containsExactly(new FormulaDifference.Part("a·b", false));
        assertThat(FormulaDifference.parts("a·bᵀ", "a·b"))
                .containsExactly(new FormulaDifference.Part("a·b", false), new FormulaDifference.Part("ᵀ", true));
        assertThat(FormulaDifference.parts("", "a")).isEmpty();
        assertThat(FormulaDifference.parts("(1 − h_t²) ⊙ dh", "(1 − tanh(h_t)²) ⊙ dh"))
                .allMatch(part -> !part.differs());
        String longer = "a + ".repeat(3000);
        assertThat(FormulaDifference.parts(longer, "a")).containsExactly(new FormulaDifference.Part(longer, false));
    }

    @Test
    void aPageThatIsNotClosedIsNoPage() {
        assertThatThrownBy(() -> new Markup().open("p").toString())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("page that ends within [p]");
    }
}
