package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** What programs read of an audit. */
final class AuditJsonTest {
    private static JsonObject parsed(AuditReport report) {
        JsonReader reader = new JsonReader(new StringReader(report.toJson()));
        reader.setStrictness(Strictness.STRICT);
        return JsonParser.parseReader(reader).getAsJsonObject();
    }

    @Test
    void allFieldsAreThere() {
        for (AuditReport report : WrittenReports.all()) {
            assertThat(parsed(report).keySet())
                    .containsExactly(
                            "outcome",
                            "right",
                            "forward",
                            "gradients",
                            "steps",
                            "explanations",
                            "next",
                            "nextDistance",
                            "location",
                            "remarks",
                            "seed");
        }
    }

    @Test
    void aRightReportIsSmallEnoughToReadWhole() {
        AuditReport right = WrittenReports.right();
        assertThat(new AuditReport(
                                right.outcome(),
                                right.forward(),
                                right.gradients().subList(1, 2),
                                right.steps().subList(0, 1),
                                right.explanations(),
                                right.next(),
                                right.nextDistance(),
                                right.location(),
                                right.remarks(),
                                right.seed())
                        .toJson())
                .isEqualTo("""
                        {
                          "outcome": "RIGHT",
                          "right": true,
                          "forward": null,
                          "gradients": [
                            {
                              "name": "V",
                              "shape": [
                                3,
                                8
                              ],
                              "right": true,
                              "relativeError": 0.0,
                              "cosine": 1.0,
                              "worst": []
                            }
                          ],
                          "steps": [
                            {
                              "quantity": "h",
                              "step": 9,
                              "right": true,
                              "relativeError": 1.0E-16,
                              "followsFromLater": true
                            }
                          ],
                          "explanations": [],
                          "next": null,
                          "nextDistance": "Infinity",
                          "location": null,
                          "remarks": [],
                          "seed": 1
                        }""");
    }

    @Test
    void explanationsAreReadBack() {
        AuditReport report = WrittenReports.twoMistakes();
        JsonObject json = parsed(report);
        assertThat(json.get("outcome").getAsString()).isEqualTo("EXPLAINED");
        assertThat(json.get("nextDistance").getAsDouble()).isEqualTo(report.nextDistance());
        JsonArray explanations = json.getAsJsonArray("explanations");
        for (int i = 0; i < explanations.size(); i++) {
            JsonObject each = explanations.get(i).getAsJsonObject();
            Explanation explanation = report.explanations().get(i);
            assertThat(each.keySet())
                    .containsExactly(
                            "family", "name", "affects", "yours", "shouldBe", "fix", "line", "distance", "numbers");
            assertThat(each.get("family").getAsString())
                    .isEqualTo(explanation.family().name());
            assertThat(each.get("name").getAsString()).isEqualTo(explanation.name());
            assertThat(each.getAsJsonArray("affects")).hasSameSizeAs(explanation.affects());
            assertThat(each.get("shouldBe").getAsString()).isEqualTo(explanation.shouldBe());
            assertThat(each.get("distance").getAsDouble()).isEqualTo(explanation.distance());
            assertThat(each.get("numbers").getAsInt()).isEqualTo(explanation.numbers());
        }
        assertThat(explanations.get(1).getAsJsonObject().get("line").isJsonNull())
                .isTrue();
        assertThat(json.getAsJsonArray("steps")).hasSize(20);
    }

    @Test
    void whatIsNotFiniteIsAText() {
        JsonObject json = parsed(WrittenReports.hostile());
        JsonObject gradient = json.getAsJsonArray("gradients").get(0).getAsJsonObject();
        assertThat(gradient.get("relativeError").getAsString()).isEqualTo("NaN");
        assertThat(gradient.get("cosine").getAsString()).isEqualTo("-Infinity");
        assertThat(json.getAsJsonArray("steps")
                        .get(0)
                        .getAsJsonObject()
                        .get("relativeError")
                        .getAsString())
                .isEqualTo("Infinity");
        assertThat(json.get("seed").getAsLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(json.getAsJsonObject("forward").get("step").isJsonNull()).isTrue();
        assertThat(json.getAsJsonArray("remarks").get(0).getAsString())
                .startsWith("</style><script>alert('1')</script> & \"W\" \u0000\u001b[31m");
    }

    @Test
    void placesAreReadBack() {
        JsonObject location = parsed(WrittenReports.unexplained()).getAsJsonObject("location");
        assertThat(location.toString())
                .isEqualTo("{\"quantity\":\"dh\",\"step\":3,\"term\":\"Whᵀ·δ_{t+1}\",\"others\":[\"Vᵀ·dy_t\"],"
                        + "\"line\":\"RnnCell.java:12\"}");
        assertThat(parsed(WrittenReports.otherForward())
                        .getAsJsonObject("forward")
                        .toString())
                .isEqualTo("{\"quantity\":\"h\",\"step\":2,\"relativeError\":0.31,\"yours\":0.5,\"graph\":0.75}");
    }
}
