package dev.clew.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.clew.nn.training.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients get to hear. */
class ServerTest {
    private static final Map<String, Served> MODELS =
            Map.of("one", SharpModels.served("one", 1), "two", SharpModels.served("two", 2));
    private static Server server;
    private static HttpClient http;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Future<Served>> models = new LinkedHashMap<>();
        MODELS.forEach((name, model) -> models.put(name, CompletableFuture.completedFuture(model)));
        server = Server.start(0, models, new Shelf(1000, 1 << 24), new Timeline(0));
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        server.close();
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject posted(String model, String body) throws Exception {
        HttpResponse<String> answer = send("POST", "/models/" + model, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    private static String text(JsonObject answer) {
        return answer.get("text").getAsString();
    }

    private static String state(JsonObject answer) {
        return answer.get("state").getAsString();
    }

    private static List<String> alone(Clients.Talk talk) {
        return new Alone(Objects.requireNonNull(MODELS.get(talk.model()))).hold(talk);
    }

    @Test
    void whatManyHearAtOnceIsWhatEachWouldHearAlone() throws Exception {
        List<Clients.Talk> talks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            talks.add(new Clients.Talk(
                    i % 2 == 0 ? "one" : "two",
                    i / 2,
                    List.of(
                            new Clients.Part("abc".substring(i % 3), 5),
                            new Clients.Part("", 7),
                            new Clients.Part("p", 1 + i % 9))));
        }
        try (Clients clients = new Clients(server.port(), 16)) {
            List<Clients.Heard> heard = clients.hold(talks, List.of());
            for (int i = 0; i < talks.size(); i++) {
                assertThat(heard.get(i).texts()).as("conversation %s", i).isEqualTo(alone(talks.get(i)));
            }
            assertThat(heard.stream().map(Clients.Heard::texts).distinct().count())
                    .isGreaterThan(40);
        }
    }

    @Test
    void twoModelsWriteDifferentlyFromOneSeedAndStatesStayWithTheirs() throws Exception {
        String body = "{\"letters\": 30, \"seed\": 5}";
        JsonObject one = posted("one", body);
        assertThat(text(one)).isNotEqualTo(text(posted("two", body))).isEqualTo(text(posted("one", body)));
        HttpResponse<String> other = send("POST", "/models/two", "{\"from\": \"" + state(one) + "\"}");
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body())
                .isEqualTo("{\"asked\":\"to go on with the model 'two'\",\"rule\":\"that state is of the model 'one'\","
                        + "\"fix\":\"POST /models/one, or begin anew here\"}");
    }

    @Test
    void aStateIsAValueSoWhoAsksTwiceHearsTheSameTwice() throws Exception {
        JsonObject begun = posted("one", "{\"text\": \"a\", \"letters\": 3, \"seed\": 3}");
        String next = "{\"from\": \"" + state(begun) + "\", \"letters\": 20}";
        JsonObject once = posted("one", next);
        JsonObject again = posted("one", next);
        assertThat(text(again)).isEqualTo(text(once)).isNotEmpty();
        assertThat(state(again)).isNotEqualTo(state(once));
        String after = "\", \"text\": \"b\", \"letters\": 9}";
        assertThat(text(posted("one", "{\"from\": \"" + state(once) + after)))
                .isEqualTo(text(posted("one", "{\"from\": \"" + state(again) + after)));
    }

    @Test
    void temperatureZeroIsTheSameForEverySeed() throws Exception {
        String greedy = "{\"temperature\": 0, \"letters\": 12, \"seed\": ";
        assertThat(text(posted("one", greedy + "1}"))).isEqualTo(text(posted("one", greedy + "2}")));
        assertThat(text(posted("one", "{\"topK\": 1, \"letters\": 12}"))).isEqualTo(text(posted("one", greedy + "1}")));
        assertThat(text(posted("one", "{\"topK\": 99999, \"letters\": 12}")))
                .isEqualTo(text(posted("one", "{\"letters\": 12}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST | /models/one | {\"letters\": 0}        | 400 | 'letters': 0 | it is a whole number from 1 to 256",
                "POST | /models/one | {\"letters\": 1.5}      | 400 | 'letters': 1.5 | it is a whole number from 1 to 256",
                "POST | /models/one | {\"letters\": 1e999999999} | 400 | 'letters': 1e999999999 | it is a whole number from 1 to 256",
                "POST | /models/one | {\"letters\": \"8\"}    | 400 | 'letters': \"8\" | it is a whole number from 1 to 256",
                "POST | /models/one | {\"temperature\": 1e999} | 400 | 'temperature': 1e999 | it is a number, 0 or more, and finite",
                "POST | /models/one | {\"seed\": 9223372036854775808} | 400 | 'seed': 9223372036854775808 | it is a whole number",
                "POST | /models/one | {\"temperature\": -1}   | 400 | 'temperature': -1 | it is a number, 0 or more, and finite",
                "POST | /models/one | {\"temperature\": null} | 400 | 'temperature': null | it is a number, 0 or more, and finite",
                "POST | /models/one | {\"text\": 3}           | 400 | 'text': 3 | it is a text",
                "POST | /models/one | {\"txt\": \"a\"}        | 400 | a request with 'txt' | a request has from, text, letters, temperature, topK, seed",
                "POST | /models/one | {\"from\": \"1\", \"seed\": 1} | 400 | a request with 'from' and 'seed' | what a conversation draws follows from the seed it began with",
                "POST | /models/one | {\"from\": \"1\"}       | 404 | to go on from '1' | this server has never given that state",
                "POST | /models/one | {\"text\": \"a?\"}      | 400 | a text of 2 characters | the model 'one' knows each of its letters",
                "POST | /models/one | [1]                     | 400 | a request of 3 characters | it is one JSON object, {...}",
                "POST | /models/one | {} {}                   | 400 | a request of 5 characters | it is",
                "POST | /models/one | {letters: 1}            | 400 | a request of 12 characters | it is no JSON",
                "POST | /models/one | ``                      | 400 | a request of 0 characters | it is no JSON",
                "POST | /models/six | {}                      | 404 | the model 'six' | there is none of that name",
                "GET  | /models/one | ``                      | 405 | GET /models/one | here it is POST",
                "GET  | /nowhere    | ``                      | 404 | GET /nowhere | there is no such place",
            })
    void aWrongRequestIsToldWhatTheRuleIs(
            String method, String path, String body, int status, String asked, String rule) throws Exception {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonObject json = JsonParser.parseString(answer.body()).getAsJsonObject();
        assertThat(json.get("asked").getAsString()).isEqualTo(asked);
        assertThat(json.get("rule").getAsString()).startsWith(rule);
        assertThat(json.get("fix").getAsString()).isNotEmpty();
    }

    @Test
    void whatIsTooLargeOrDeepOrNoHttpLeavesTheServerAsItWas() throws Exception {
        assertThat(send("POST", "/models/one", "{\"text\": \"" + "a".repeat(70_000) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(send("POST", "/models/one", "{\"text\": ".repeat(5_000)).statusCode())
                .isEqualTo(400);
        for (String rubbish :
                List.of("rubbish\r\n\r\n", "POST /models/one HTTP/1.1\r\nContent-Length: -4\r\n\r\n", "\u0000")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(rubbish.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(text(posted("one", "{\"seed\": 4, \"letters\": 9}")))
                .isEqualTo(alone(new Clients.Talk("one", 4, List.of(new Clients.Part("", 9))))
                        .getFirst());
    }

    @Test
    void itTellsWhatThereIsAndWhatWasDone() throws Exception {
        JsonObject models =
                JsonParser.parseString(send("GET", "/models", "").body()).getAsJsonObject();
        assertThat(models.keySet()).containsExactlyInAnyOrder("one", "two");
        assertThat(models.getAsJsonArray("one")).hasSize(16);
        long before = figure("rows");
        posted("one", "{\"text\": \"abc\", \"letters\": 1}");
        assertThat(figure("rows")).isEqualTo(before + 4); // The start and three letters; what is drawn is not read yet.
    }

    private static long figure(String name) throws Exception {
        return JsonParser.parseString(send("GET", "/figures", "").body())
                .getAsJsonObject()
                .get(name)
                .getAsLong();
    }

    @Test
    void aSnapshotIsServedAndAnotherFileIsRefusedByWhoAsksForIt() throws Exception {
        Path right = folder.resolve("right");
        Path wrong = folder.resolve("wrong");
        Snapshot.of(SharpModels.speller(1))
                .with(Served.VOCABULARY, SharpModels.LETTERS.toText())
                .write(right);
        Files.writeString(wrong, "no snapshot");
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("wrong", wrong);
        files.put("right", right);
        try (Server own = ServerProcess.start(0, files, new Shelf(10, 1 << 20), new Timeline(0));
                Clients clients = new Clients(own.port(), 1)) {
            Clients.Talk talk = new Clients.Talk("right", 1, List.of(new Clients.Part("", 9)));
            assertThat(clients.hold(List.of(talk), List.of()).getFirst().texts())
                    .isEqualTo(alone(new Clients.Talk("one", 1, talk.parts())));
            HttpResponse<String> refused = http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + own.port() + "/models/wrong"))
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("the model 'wrong'").contains("could not be loaded");
        }
    }
}
