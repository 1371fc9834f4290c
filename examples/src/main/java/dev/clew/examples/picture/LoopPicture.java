package dev.clew.examples.picture;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws a loop, the graph that it makes, and the gradient that flows back through it, as SVG. An edge of the gradient is the wider, the
 * longer the vector is that comes along it: its width goes by the root of that length.
 */
public final class LoopPicture {
    private static final int RADIUS = 15;
    private static final int COLUMN = 255;
    private static final int FIRST = 265;
    private static final int LEAVES = FIRST - 125;
    /** Below it, ways go along rails. */
    private static final int RAILS = 450;

    private static final int BEND = 14;
    private static final int ASIDE = 4;

    private static final String STYLE = """
            <style>
              svg { color-scheme: light dark; --ink: #1f2328; --soft: #8c959f; --node: #ffffff; --back: #cf222e; --weight: #0969da }
              @media (prefers-color-scheme: dark) {
                svg { --ink: #e6edf3; --soft: #7d8590; --node: #0d1117; --back: #ff7b72; --weight: #58a6ff }
              }
              text { font: 13px ui-sans-serif, "Segoe UI", Helvetica, Arial, sans-serif; fill: var(--ink); text-anchor: middle }
              .code { font: 14px ui-monospace, Menlo, Consolas, monospace; text-anchor: start; white-space: pre }
              .left { text-anchor: start }
              .right { text-anchor: end }
              .on-head { fill: var(--soft) }
              .back-head { fill: var(--back) }
              .back-text { fill: var(--back) }
              .node { fill: var(--node); stroke: var(--soft); stroke-width: 1.2 }
              .state { stroke: var(--ink); stroke-width: 2 }
              .weight { stroke: var(--weight); stroke-width: 2 }
              .edge { fill: none; stroke: var(--soft); stroke-width: 1.2; marker-end: url(#on) }
              .back { fill: none; stroke: var(--back); stroke-linecap: round; stroke-dasharray: 6 7; marker-end: url(#back) }
              @media (prefers-reduced-motion: no-preference) {
                .back { animation: back 1.2s linear infinite }
              }
              @keyframes back { to { stroke-dashoffset: -26 } }
            </style>
            <defs>
              <marker id="on" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
                <path class="on-head" d="M0 1 L8 4 L0 7 z"/>
              </marker>
              <marker id="back" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="11" markerHeight="11" markerUnits="userSpaceOnUse" orient="auto">
                <path class="back-head" d="M0 0 L8 4 L0 8 z"/>
              </marker>
            </defs>
            """;

    /** Where a node stands, what is written in it, and its kind. */
    private record Spot(int x, int y, String text, String kind) {}

    private final UnrolledLoop loop;
    private final IdentityHashMap<Tensor, Spot> spots = new IdentityHashMap<>();
    private final StringBuilder forward = new StringBuilder();
    private final StringBuilder backward = new StringBuilder();
    private final StringBuilder nodes = new StringBuilder();

    private LoopPicture(UnrolledLoop loop) {
        this.loop = loop;
    }

    /**
     * Writes the picture into the file that is named.
     *
     * @throws IllegalArgumentException if no file is named
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("a picture of a loop: one argument is needed, the file to write");
        }
        Files.writeString(Path.of(args[0]), svg());
    }

    /** The picture. */
    static String svg() {
        return new LoopPicture(UnrolledLoop.of(7)).drawn();
    }

    private String drawn() {
        place();
        for (Map.Entry<Tensor, Spot> each : List.copyOf(spots.entrySet()).stream()
                .sorted((a, b) -> Long.compare(a.getKey().number(), b.getKey().number()))
                .toList()) {
            node(each.getKey(), each.getValue());
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 940 560" role="img" aria-label="%s">
                """.formatted("A loop over time, the graph that it makes, and the gradient that flows back through it")
                + STYLE
                + code()
                + forward
                + backward
                + nodes
                + legend()
                + "</svg>\n";
    }

    // ------------------------------------------------------------------------------------------------------ where

    private void place() {
        UnrolledLoop.Leaves leaves = loop.leaves();
        spots.put(leaves.loss(), new Spot(LEAVES, 165, "0", "node"));
        spots.put(leaves.h(), new Spot(LEAVES, 345, "h", "node weight"));
        spots.put(leaves.wh(), new Spot(LEAVES, 480, "wh", "node weight"));
        spots.put(leaves.wx(), new Spot(LEAVES, 530, "wx", "node weight"));
        for (int t = 0; t < loop.steps().size(); t++) {
            place(loop.steps().get(t), FIRST + t * COLUMN, t);
        }
    }

    private void place(UnrolledLoop.Step step, int x, int t) {
        spots.put(step.hw(), new Spot(x - 40, 430, "·", "node"));
        spots.put(step.xw(), new Spot(x + 40, 430, "·", "node"));
        spots.put(step.x(), new Spot(x + 95, 430, "x" + index(t), "node"));
        spots.put(step.sum(), new Spot(x, 392, "+", "node"));
        spots.put(step.h(), new Spot(x, 345, "h" + index(t), "node state"));
        spots.put(step.error(), new Spot(x, 295, "−", "node"));
        spots.put(step.y(), new Spot(x + 55, 295, "y" + index(t), "node"));
        spots.put(step.square(), new Spot(x, 252, "( )²", "node"));
        spots.put(step.squares(), new Spot(x, 209, "Σ", "node"));
        spots.put(step.loss(), new Spot(x, 165, t == loop.steps().size() - 1 ? "L" : "+", "node state"));
    }

    private static String index(int t) {
        return Character.toString('₀' + t);
    }

    // ------------------------------------------------------------------------------------------------------- what

    private void node(Tensor tensor, Spot spot) {
        for (int i = 0; i < tensor.inputCount(); i++) {
            Spot from = spot(tensor.input(i));
            forward.append("<path class=\"edge\" d=\"").append(path(from, spot)).append("\"/>\n");
            if (leadsToWeights(tensor.input(i))) {
                double width = 2.4 * Math.sqrt(loop.contribution(tensor, i));
                backward.append(
                        text("<path class=\"back\" style=\"stroke-width: %.1f\" d=\"%s\"/>", width, path(spot, from)));
            }
        }
        nodes.append(
                text("<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"%d\"/>", spot.kind(), spot.x(), spot.y(), RADIUS));
        nodes.append(text("<text x=\"%d\" y=\"%d\">%s</text>", spot.x(), spot.y() + 5, spot.text()));
    }

    private static boolean leadsToWeights(Tensor tensor) {
        return Graph.of(List.of(tensor)).nodes().stream().anyMatch(Parameter.class::isInstance);
    }

    /** A change of shape alone is not drawn. */
    private Spot spot(Tensor tensor) {
        Spot own = spots.get(tensor);
        return own == null ? spot(tensor.input(0)) : own;
    }

    /** From edge to edge, a little to the right of the way, so that there is room for the way back. */
    private static String path(Spot from, Spot to) {
        if (Math.max(from.y(), to.y()) >= RAILS) {
            return rail(from, to);
        }
        double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
        double alongX = (to.x() - from.x()) / length;
        double alongY = (to.y() - from.y()) / length;
        double sideX = -alongY * ASIDE;
        double sideY = alongX * ASIDE;
        return text(
                "M%.1f %.1f L%.1f %.1f",
                from.x() + alongX * RADIUS + sideX,
                from.y() + alongY * RADIUS + sideY,
                to.x() - alongX * RADIUS + sideX,
                to.y() - alongY * RADIUS + sideY);
    }

    /** Weights reach their products along a rail below. */
    private static String rail(Spot from, Spot to) {
        if (from.y() >= RAILS) {
            int y = from.y() + ASIDE;
            int x = to.x() + ASIDE;
            return text(
                    "M%d %d H%d Q%d %d %d %d V%d", from.x() + RADIUS, y, x - BEND, x, y, x, y - BEND, to.y() + RADIUS);
        }
        int y = to.y() - ASIDE;
        int x = from.x() - ASIDE;
        return text("M%d %d V%d Q%d %d %d %d H%d", x, from.y() + RADIUS, y - BEND, x, y, x - BEND, y, to.x() + RADIUS);
    }

    @FormatMethod
    private static String text(@FormatString String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + (format.startsWith("<") ? "\n" : "");
    }

    private static String code() {
        StringBuilder text = new StringBuilder();
        List<String> lines = UnrolledLoop.CODE.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replace("&", "&amp;").replace("<", "&lt;");
            text.append(
                    text("<text class=\"code\" x=\"24\" y=\"%d\" xml:space=\"preserve\">%s</text>", 32 + 22 * i, line));
        }
        return text.toString();
    }

    private String legend() {
        StringBuilder text = new StringBuilder();
        text.append(
                "<path class=\"edge\" d=\"M590 49 H622\"/><text class=\"left\" x=\"634\" y=\"54\">values, as the loop goes</text>\n");
        text.append("<path class=\"back\" style=\"stroke-width: 3\" d=\"M622 75 H590\"/>");
        text.append(
                "<text class=\"left back-text\" x=\"634\" y=\"80\">the gradient of L: the larger, the wider</text>\n");
        for (int t = 0; t < loop.steps().size(); t++) {
            Tensor h = loop.steps().get(t).h();
            Spot at = spot(h);
            text.append(label("left", at.x() + 21, at.y() - 9, "∂L/∂h" + index(t), loop.gradient(h)));
        }
        for (Parameter weight : List.of(loop.leaves().wh(), loop.leaves().wx())) {
            Spot at = spot(weight);
            text.append(label("right", at.x() - 22, at.y() + 5, "∂L/∂" + at.text(), loop.gradient(weight)));
        }
        return text.toString();
    }

    private static String label(String side, int x, int y, String name, double length) {
        return text("<text class=\"%s back-text\" x=\"%d\" y=\"%d\">‖%s‖ = %.2f</text>", side, x, y, name, length);
    }
}
