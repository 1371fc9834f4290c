package dev.clew.examples.serve;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** Those who hold conversations with a server, each in a virtual thread of its own. */
final class Clients implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    /** In the order in which they come, so that no conversation is left behind. */
    private final Semaphore places;

    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private long wall;

    Clients(int port, int atOnce) {
        this.server = URI.create("http://localhost:" + port);
        this.places = new Semaphore(atOnce, true);
    }

    /**
     * A request of a conversation.
     *
     * @param text to be read first, or none
     * @param letters to be written
     */
    record Part(String text, int letters) {}

    /**
     * Somebody's conversation.
     *
     * @param model that it is held with
     * @param seed of what the model draws
     */
    record Talk(String model, long seed, List<Part> parts) {
        /** This and then that. */
        Talk then(Talk more) {
            return new Talk(
                    model,
                    seed,
                    Stream.concat(parts.stream(), more.parts.stream()).toList());
        }
    }

    /** What was answered. */
    record Heard(List<String> texts, String state) {
        /** This and then that. */
        Heard then(Heard more) {
            return new Heard(Stream.concat(texts.stream(), more.texts.stream()).toList(), more.state);
        }
    }

    /** Holds all of them at once, each from where it was before, if it was. */
    List<Heard> hold(List<Talk> talks, List<Heard> before) throws InterruptedException {
        long start = System.nanoTime();
        List<Heard> heard = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Heard>> all = new ArrayList<>();
            for (int i = 0; i < talks.size(); i++) {
                Talk talk = talks.get(i);
                String from = before.isEmpty() ? "" : before.get(i).state();
                all.add(threads.submit(() -> hold(talk, from)));
            }
            for (Future<Heard> each : all) {
                heard.add(each.get());
            }
        } catch (ExecutionException error) {
            throw new IllegalStateException("a conversation failed: " + error.getCause(), error);
        }
        wall += System.nanoTime() - start;
        return heard;
    }

    private Heard hold(Talk talk, String begun) throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        String from = begun;
        for (Part part : talk.parts()) {
            JsonObject wanted = new JsonObject();
            if (from.isEmpty()) {
                wanted.addProperty("seed", talk.seed());
            } else {
                wanted.addProperty("from", from);
            }
            wanted.addProperty("text", part.text());
            wanted.addProperty("letters", part.letters());
            JsonObject answer = post(talk.model(), wanted);
            texts.add(answer.get("text").getAsString());
            from = answer.get("state").getAsString();
        }
        return new Heard(texts, from);
    }

    private JsonObject post(String model, JsonObject wanted) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/models/" + model))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(wanted.toString()))
                .build();
        places.acquire();
        try {
            long start = System.nanoTime();
            JsonObject answer = answer(request);
            nanos.add(System.nanoTime() - start);
            return answer;
        } finally {
            places.release();
        }
    }

    private JsonObject answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    JsonObject figures() throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(server.resolve("/figures"))
                .timeout(PATIENCE)
                .build());
    }

    /** What so large a share of the requests took at most, in milliseconds. */
    private double milliseconds(double share) {
        long[] sorted = nanos.stream().mapToLong(each -> each).sorted().toArray();
        return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
    }

    void tell(String what) {
        System.out.printf(
                Locale.ROOT,
                "%-28s %d requests, %.0f in a second; p50 %.1f ms, p99 %.1f ms%n",
                what,
                nanos.size(),
                nanos.size() / (wall / 1e9),
                milliseconds(0.5),
                milliseconds(0.99));
    }

    @Override
    public void close() {
        http.close();
    }
}
