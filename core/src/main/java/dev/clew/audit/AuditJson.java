package dev.clew.audit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** A report for programs. */
final class AuditJson {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    private AuditJson() {}

    static String of(AuditReport report) {
        JsonObject json = new JsonObject();
        json.addProperty("outcome", report.outcome().name());
        json.addProperty("right", report.isRight());
        json.add("forward", report.forward().map(AuditJson::forward).orElse(JsonNull.INSTANCE));
        json.add("gradients", all(report.gradients(), AuditJson::gradient));
        json.add("steps", all(report.steps(), AuditJson::step));
        json.add("explanations", all(report.explanations(), AuditJson::explanation));
        json.add("next", text(report.next()));
        json.add("nextDistance", number(report.nextDistance()));
        json.add("location", report.location().map(AuditJson::location).orElse(JsonNull.INSTANCE));
        json.add("remarks", all(report.remarks(), AuditJson::text));
        json.addProperty("seed", report.seed());
        return GSON.toJson(json);
    }

    private static JsonElement forward(ForwardDifference difference) {
        JsonObject json = new JsonObject();
        json.add("quantity", text(difference.quantity()));
        json.add("step", step(difference.step()));
        json.add("relativeError", number(difference.relativeError()));
        json.add("yours", number(difference.yours()));
        json.add("graph", number(difference.graph()));
        return json;
    }

    private static JsonElement gradient(AuditedGradient gradient) {
        JsonObject json = new JsonObject();
        json.add("name", text(gradient.name()));
        JsonArray shape = new JsonArray();
        for (int length : gradient.shape().lengths()) {
            shape.add(length);
        }
        json.add("shape", shape);
        json.addProperty("right", gradient.isRight());
        json.add("relativeError", number(gradient.relativeError()));
        json.add("cosine", number(gradient.cosine()));
        json.add("worst", all(gradient.worst(), AuditJson::element));
        return json;
    }

    private static JsonElement element(AuditedGradient.Element element) {
        JsonObject json = new JsonObject();
        json.add("index", all(element.index(), JsonPrimitive::new));
        json.add("yours", number(element.yours()));
        json.add("right", number(element.right()));
        return json;
    }

    private static JsonElement step(AuditedStep step) {
        JsonObject json = new JsonObject();
        json.add("quantity", text(step.quantity()));
        json.addProperty("step", step.step());
        json.addProperty("right", step.isRight());
        json.add("relativeError", number(step.relativeError()));
        json.addProperty("followsFromLater", step.followsFromLater());
        return json;
    }

    private static JsonElement explanation(Explanation explanation) {
        JsonObject json = new JsonObject();
        json.addProperty("family", explanation.family().name());
        json.add("name", text(explanation.name()));
        json.add("affects", all(explanation.affects(), AuditJson::text));
        json.add("yours", text(explanation.yours()));
        json.add("shouldBe", text(explanation.shouldBe()));
        json.add("fix", text(explanation.fix()));
        json.add("line", text(explanation.line()));
        json.add("distance", number(explanation.distance()));
        json.addProperty("numbers", explanation.numbers());
        return json;
    }

    private static JsonElement location(Location location) {
        JsonObject json = new JsonObject();
        json.add("quantity", text(location.quantity()));
        json.add("step", step(location.step()));
        json.add("term", text(location.term()));
        json.add("others", all(location.others(), AuditJson::text));
        json.add("line", text(location.line()));
        return json;
    }

    private static <T> JsonArray all(Collection<T> elements, Function<T, JsonElement> each) {
        JsonArray array = new JsonArray();
        elements.forEach(element -> array.add(each.apply(element)));
        return array;
    }

    private static JsonElement text(Optional<String> text) {
        return text.map(AuditJson::text).orElse(JsonNull.INSTANCE);
    }

    /** Half a character cannot be written to a file. */
    private static JsonElement text(String text) {
        return new JsonPrimitive(text.codePoints()
                .map(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE ? 0xFFFD : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    private static JsonElement step(OptionalInt step) {
        return step.isPresent() ? new JsonPrimitive(step.getAsInt()) : JsonNull.INSTANCE;
    }

    /** JSON has no word for what is not finite. */
    private static JsonElement number(double number) {
        return Double.isFinite(number) ? new JsonPrimitive(number) : new JsonPrimitive(Double.toString(number));
    }
}
