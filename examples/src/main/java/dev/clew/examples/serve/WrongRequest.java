package dev.clew.examples.serve;

import com.google.gson.JsonObject;

/** What cannot be answered, why, and what to do: the client is told all three. */
final class WrongRequest extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    static final int BAD = 400;
    static final int UNKNOWN = 404;
    static final int METHOD = 405;
    static final int GONE = 410;
    static final int LARGE = 413;
    static final int STOPPED = 503;

    private final int status;
    private final String asked;
    private final String rule;
    private final String fix;

    WrongRequest(int status, String asked, String rule, String fix) {
        super(asked + ": " + rule + "; " + fix);
        this.status = status;
        this.asked = asked;
        this.rule = rule;
        this.fix = fix;
    }

    int status() {
        return status;
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("asked", asked);
        json.addProperty("rule", rule);
        json.addProperty("fix", fix);
        return json;
    }
}
