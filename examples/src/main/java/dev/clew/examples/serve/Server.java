package dev.clew.examples.serve;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.clew.array.RandomKey;
import dev.clew.nn.decode.JoinedStep;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Models over HTTP on loopback, every request in a virtual thread of its own. It listens before its models are there; who asks for one
 * waits for it.
 *
 * <pre>
 * POST /models/NAME   a {@link Request}: {"text": "ann", "ended": false, "state": "3-9f2c..."}
 * GET  /models        names, and the letters that they know
 * GET  /figures       what was done, and what memory is in use after a collection
 * </pre>
 */
final class Server implements AutoCloseable {
    /** In bytes. */
    private static final int LARGEST_REQUEST = 1 << 16;

    private static final int SECONDS_TO_FINISH = 5;
    /** What the timeline calls the first answer. */
    static final String ANSWERED = "has answered";

    private static final String MODELS = "/models";

    private final HttpServer http;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, ? extends Future<Served>> models;
    private final Shelf shelf;
    private final Timeline timeline;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    private Server(HttpServer http, Map<String, ? extends Future<Served>> models, Shelf shelf, Timeline timeline) {
        this.http = http;
        this.models = ImmutableMap.copyOf(models);
        this.shelf = shelf;
        this.timeline = timeline;
    }

    /** Starts one on a port, 0 for any that is free. */
    static Server start(int port, Map<String, ? extends Future<Served>> models, Shelf shelf, Timeline timeline)
            throws IOException {
        // An answer is written in two pieces, of which the second would wait for the client to acknowledge the first.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        Server server = new Server(http, models, shelf, timeline);
        http.createContext("/", server::handle);
        http.setExecutor(server.workers);
        http.start();
        timeline.mark("listens");
        return server;
    }

    int port() {
        return http.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            JsonObject answer;
            try {
                answer = answer(exchange);
                answered.incrementAndGet();
            } catch (WrongRequest wrong) {
                status = wrong.status();
                answer = wrong.json();
                refused.incrementAndGet();
            } catch (RuntimeException error) {
                status = 500;
                answer = new WrongRequest(
                                status, "an answer", "it failed: " + error, "this is a fault of the server; report it")
                        .json();
                refused.incrementAndGet();
            }
            byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            timeline.mark(ANSWERED);
        }
    }

    private JsonObject answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.startsWith(MODELS + "/")) {
            require(method, "POST", path);
            return written(path.substring(MODELS.length() + 1), body(exchange));
        }
        return switch (path) {
            case MODELS -> {
                require(method, "GET", path);
                yield models();
            }
            case "/figures" -> {
                require(method, "GET", path);
                yield figures();
            }
            default ->
                throw new WrongRequest(
                        WrongRequest.UNKNOWN,
                        method + " " + path,
                        "there is no such place",
                        "POST /models/NAME writes, GET /models lists the names, GET /figures tells what was done");
        };
    }

    private static void require(String method, String expected, String path) {
        if (!method.equals(expected)) {
            throw new WrongRequest(
                    WrongRequest.METHOD, method + " " + path, "here it is " + expected, "use " + expected);
        }
    }

    private static String body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_REQUEST + 1);
        if (body.length > LARGEST_REQUEST) {
            throw new WrongRequest(
                    WrongRequest.LARGE,
                    "a request of more than " + LARGEST_REQUEST + " bytes",
                    "that is the most",
                    "send the text in several requests, each from the state of the answer before");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private JsonObject written(String name, String body) {
        Served model = model(name);
        Request request = Request.of(body);
        Conversation conversation =
                request.from().map(shelf::get).orElseGet(() -> Conversation.begin(model, RandomKey.of(request.seed())));
        if (!conversation.model().equals(name)) {
            throw new WrongRequest(
                    WrongRequest.BAD,
                    "to go on with the model '" + name + "'",
                    "that state is of the model '" + conversation.model() + "'",
                    "POST /models/" + conversation.model() + ", or begin anew here");
        }
        Conversation.Turn turn = conversation.go(model, request);
        JsonObject answer = new JsonObject();
        answer.addProperty("text", turn.text());
        answer.addProperty("ended", turn.isEnded());
        answer.addProperty("state", shelf.put(request.from(), turn.next()));
        return answer;
    }

    /**
     * Waits until all models are there.
     *
     * @throws WrongRequest if one could not be loaded; then it has stopped
     */
    void awaitModels() {
        try {
            models.keySet().forEach(this::model);
        } catch (WrongRequest wrong) {
            close();
            throw wrong;
        }
    }

    private Served model(String name) {
        @Nullable Future<Served> found = models.get(name);
        if (found == null) {
            throw new WrongRequest(
                    WrongRequest.UNKNOWN,
                    "the model '" + name + "'",
                    "there is none of that name",
                    "the models are " + String.join(", ", models.keySet()));
        }
        try {
            return found.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new WrongRequest(
                    WrongRequest.STOPPED, "the model '" + name + "'", "the server stops", "ask another one");
        } catch (ExecutionException error) {
            throw new WrongRequest(
                    WrongRequest.STOPPED,
                    "the model '" + name + "'",
                    "it could not be loaded: " + error.getCause(),
                    "start the server with a snapshot that names --snapshot FILE wrote");
        }
    }

    private JsonObject models() {
        JsonObject all = new JsonObject();
        for (String name : models.keySet()) {
            JsonArray letters = new JsonArray();
            model(name).letters().symbols().forEach(letters::add);
            all.add(name, letters);
        }
        return all;
    }

    private JsonObject figures() {
        JsonObject figures = new JsonObject();
        long rows = 0;
        long runs = 0;
        long plans = 0;
        for (String name : models.keySet()) {
            JoinedStep.Joined joined = model(name).step().joined();
            rows += joined.rows();
            runs += joined.runs();
            plans += joined.bytes();
        }
        System.gc();
        Runtime memory = Runtime.getRuntime();
        figures.addProperty("answered", answered.get());
        figures.addProperty("refused", refused.get());
        figures.addProperty("rows", rows);
        figures.addProperty("runs", runs);
        figures.addProperty("states", shelf.size());
        figures.addProperty("stateBytes", shelf.bytes());
        figures.addProperty("planBytes", plans);
        figures.addProperty("heapBytes", memory.totalMemory() - memory.freeMemory());
        figures.add("milliseconds", timeline.json());
        return figures;
    }

    /** Takes no more requests, and waits a little for those that are being answered. */
    @Override
    public void close() {
        http.stop(SECONDS_TO_FINISH);
        workers.shutdownNow();
    }
}
