package dev.clew.examples.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One way to name and to arrange the matrices of a cell.
 *
 * @param layout how many matrices there are
 * @param matrices the names that a role may have, the likeliest first; all roles are needed
 * @param optional the same for biases and the layer above, which need not be there
 */
record Scheme(Layout layout, Map<String, List<String>> matrices, Map<String, List<String>> optional) {
    /** A name that begins with it fits whatever stands in front of a dot: {@code rnn.weight_ih_l0}. */
    static final String ANY = "*";

    /** How many matrices a cell has. */
    enum Layout {
        /** One for the input, one for the state, with all gates one after the other. */
        TOGETHER,
        /** Two for every gate. */
        EACH,
        /** One for every gate, over state and input. */
        JOINED
    }

    private static final List<List<String>> PAIRS = List.of(
            List.of("Wxh", "Whh"),
            List.of("W_xh", "W_hh"),
            List.of("Wx", "Wh"),
            List.of("W_x", "W_h"),
            List.of("Wax", "Waa"),
            List.of("*weight_ih_l0", "*weight_hh_l0"),
            List.of("*weight_ih", "*weight_hh"));
    private static final List<List<String>> PAIRS_OF_GATES =
            List.of(List.of("Wx@", "Wh@"), List.of("W_x@", "W_h@"), List.of("W@", "U@"), List.of("W_@", "U_@"));

    /** Letters that others use for a gate. */
    private static final Map<String, List<String>> LETTERS =
            Map.of("g", List.of("g", "c", "a"), "n", List.of("n", "h", "c", "g"), "z", List.of("z", "u"));

    /** All that are known, in the order in which they are tried. */
    static List<Scheme> of(Cell cell) {
        List<Scheme> all = new ArrayList<>();
        if (!cell.isPlain()) { // Before the others, for one of the gates may be called h.
            PAIRS_OF_GATES.forEach(pair -> all.add(each(cell.gates(), pair)));
        }
        for (List<String> pair : PAIRS) {
            all.add(together(pair.get(0), pair.get(1), List.of()));
        }
        all.add(together(
                "U", "W", List.of("V"))); // W is the matrix of the state only beside a V: others have W x + U h.
        all.add(
                cell.isPlain()
                        ? new Scheme(Layout.JOINED, Map.of("W", List.of("W", "Wa")), optional(""))
                        : joined(cell.gates()));
        return all;
    }

    private static Scheme together(String x, String h, List<String> head) {
        Map<String, List<String>> matrices = new LinkedHashMap<>();
        matrices.put("Wx", List.of(x));
        matrices.put("Wh", List.of(h));
        if (!head.isEmpty()) {
            matrices.put("Wy", head);
        }
        return new Scheme(Layout.TOGETHER, matrices, optional(""));
    }

    private static Scheme each(String gates, List<String> pair) {
        Map<String, List<String>> matrices = new LinkedHashMap<>();
        for (String gate : letters(gates)) {
            matrices.put("Wx" + gate, named(pair.getFirst(), gate));
            matrices.put("Wh" + gate, named(pair.getLast(), gate));
        }
        return new Scheme(Layout.EACH, matrices, optional(gates));
    }

    private static Scheme joined(String gates) {
        Map<String, List<String>> matrices = new LinkedHashMap<>();
        for (String gate : letters(gates)) {
            List<String> names = new ArrayList<>(named("W@", gate));
            names.addAll(named("W_@", gate));
            matrices.put("W" + gate, names);
        }
        return new Scheme(Layout.JOINED, matrices, optional(gates));
    }

    /** Of a cell whose gates stand together, and of each gate otherwise. */
    private static Map<String, List<String>> optional(String gates) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        if (gates.isEmpty()) {
            names.put("b", List.of("bx", "b_x", "b", "bh", "b_h", "ba", "*bias_ih_l0", "*bias_ih"));
            names.put("b2", List.of("bh", "b_h", "*bias_hh_l0", "*bias_hh"));
        } else {
            for (String gate : letters(gates)) {
                List<String> both = new ArrayList<>(named("b@", gate));
                both.addAll(named("b_@", gate));
                both.addAll(named("bx@", gate));
                names.put("b" + gate, both);
                names.put("b2" + gate, named("bh@", gate));
            }
        }
        names.put("Wy", List.of("Why", "Wy", "W_hy", "W_y", "W_hq", "Wya", "V", "*weight"));
        names.put("by", List.of("by", "b_y", "b_q", "c", "*bias"));
        return names;
    }

    private static List<String> letters(String gates) {
        return gates.chars().mapToObj(Character::toString).toList();
    }

    private static List<String> named(String pattern, String gate) {
        return LETTERS.getOrDefault(gate, List.of(gate)).stream()
                .map(letter -> pattern.replace("@", letter))
                .toList();
    }

    /** Whether it has a role. */
    boolean has(String role) {
        return matrices.containsKey(role) || optional.containsKey(role);
    }

    /** Whether a name of a file is meant by one of these. */
    static boolean fits(String pattern, String name) {
        return pattern.startsWith(ANY)
                ? name.equals(pattern.substring(1)) || name.endsWith("." + pattern.substring(1))
                : name.equals(pattern);
    }

    /** The roles and the names that are looked for, as errors show them. */
    @Override
    public String toString() {
        return Arrays.toString(matrices.values().stream()
                        .map(names -> String.join("|", names).replace(ANY, ""))
                        .toArray())
                .replace("[", "")
                .replace("]", "");
    }
}
