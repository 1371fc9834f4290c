package dev.clew.internal.audit;

import dev.clew.array.NDArray;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formulas of a gradient as people write them, read off its graph. */
final class Formulas {
    private static final int SUM = 1;
    private static final int PRODUCT = 2;
    private static final int ATOM = 3;
    private static final int LONGEST = 160;
    /** Operations of a formula that anybody reads. */
    private static final int MOST = 200;

    private final Backward right;
    private final Notation notation;
    private final MutatedSweep sweep;
    private final Map<Tensor, Integer> totals = new HashMap<>();
    private final Map<Tensor, Integer> sizes = new ConcurrentHashMap<>();

    Formulas(Notation notation, MutatedSweep sweep) {
        this.right = sweep.right();
        this.notation = notation;
        this.sweep = sweep;
        for (int node = 0; node < right.graph().size(); node++) {
            Tensor total = sweep.total(node);
            if (total != null && notation.isNamed(node)) {
                totals.merge(total, node, this::better);
            }
        }
    }

    /** Of two nodes with one cotangent: a state rather than a parameter, and then the one that was made later. */
    private int better(int one, int two) {
        boolean isOneInStep = right.times().of(one) != Times.NONE;
        boolean isTwoInStep = right.times().of(two) != Times.NONE;
        return isOneInStep && !isTwoInStep ? one : two;
    }

    private record Text(String text, int binding) {
        String within(int outer) {
            return binding < outer ? "(" + text + ")" : text;
        }
    }

    /** The equation of the cotangent of a node: of a parameter summed over the steps, of anything else at its step. */
    String equation(int node, LossFormula losses) {
        int now = right.times().of(node);
        String left = notation.cotangent(node, now);
        Tensor total = sweep.total(node);
        Optional<String> known = total == null || notation.value(node, now) == null
                ? Optional.empty()
                : losses.of(node, total, String.valueOf(notation.value(node, now)));
        if (known.isPresent()) {
            return left + " = " + known.get();
        }
        return (left == null ? "d" + right.graph().node(node).op().label() : left) + " = "
                + (now == Times.NONE ? overSteps(node) : ofUses(right.usesOf(node), now));
    }

    private String overSteps(int node) {
        Map<UseRole, List<Use>> byRole = new LinkedHashMap<>();
        for (Use use : right.usesOf(node)) {
            byRole.computeIfAbsent(right.role(use), none -> new ArrayList<>()).add(use);
        }
        List<String> parts = new ArrayList<>();
        byRole.forEach((role, uses) -> {
            String part = ofRole(uses);
            if (!part.isEmpty()) {
                parts.add(part);
            }
        });
        return parts.isEmpty() ? "0" : String.join(" + ", parts);
    }

    /** A sum over the steps as one of them, if it is: the steps that it lacks are told. */
    private String ofRole(List<Use> uses) {
        TreeSet<Integer> present = new TreeSet<>();
        Map<String, List<Use>> texts = new LinkedHashMap<>();
        for (Use use : uses) {
            Tensor term = sweep.term(use);
            if (term != null) {
                present.add(use.time());
                texts.computeIfAbsent(brought(use, term, use.time()).text(), none -> new ArrayList<>())
                        .add(use);
            }
        }
        if (present.isEmpty()) {
            return "";
        }
        if (uses.size() == 1) {
            return texts.keySet().iterator().next();
        }
        String usual = usual(texts);
        String odd = texts.size() != 2 || uses.size() < 3 ? "" : odd(texts, usual);
        return "Σ_" + range(uses, present) + " "
                + (usual.contains(" + ") || usual.contains(" − ") ? "(" + usual + ")" : usual) + odd;
    }

    /** The text that most steps have. */
    private static String usual(Map<String, List<Use>> texts) {
        return texts.entrySet().stream()
                .max((a, b) -> Integer.compare(a.getValue().size(), b.getValue().size()))
                .map(Map.Entry::getKey)
                .orElse("");
    }

    /** The one step that has another text than the usual one, if there is one. */
    private static String odd(Map<String, List<Use>> texts, String usual) {
        return texts.entrySet().stream()
                .filter(each -> !each.getKey().equals(usual) && each.getValue().size() == 1)
                .map(each -> ", at t = " + each.getValue().getFirst().time() + " " + each.getKey())
                .findFirst()
                .orElse("");
    }

    private static String range(List<Use> uses, NavigableSet<Integer> present) {
        TreeSet<Integer> all = uses.stream().map(Use::time).collect(Collectors.toCollection(TreeSet::new));
        if (present.equals(all)) {
            return "t";
        }
        if (present.size() == 1) {
            return "{t=" + (present.first().equals(all.last()) ? "T" : present.first()) + "}";
        }
        boolean isRange =
                all.subSet(present.first(), true, present.last(), true).equals(present);
        boolean isToEnd = present.last().equals(all.last());
        return isRange && isToEnd
                ? "{t≥" + present.first() + "}"
                : isRange ? "{" + present.first() + "≤t≤" + present.last() + "}" : "{some t}";
    }

    private String ofUses(List<Use> uses, int now) {
        List<Text> parts = new ArrayList<>();
        for (Use use : uses) {
            Tensor term = sweep.term(use);
            if (term != null) {
                parts.add(brought(use, term, now));
            }
        }
        return parts.isEmpty() ? "0" : shortened(joined(parts));
    }

    /** What one use brings. */
    String term(Use use) {
        Tensor term = sweep.term(use);
        return term == null ? "0" : shortened(brought(use, term, use.time()).text());
    }

    /** A term by what it is made of, also where it is the whole cotangent of what is used, which has a name. */
    private Text brought(Use use, Tensor term, int now) {
        Integer of = totals.get(term);
        boolean isItself =
                of != null && String.valueOf(notation.cotangent(of, now)).equals(notation.cotangent(use.input(), now));
        boolean isHandedOn = term == sweep.total(use.user()) || right.isForward(term);
        return isHandedOn && !isItself ? printed(term, now) : applied(term, now);
    }

    /** A value of the forward pass, seen from a step. */
    String value(Tensor tensor, int now) {
        return printed(tensor, now).text();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static String joined(List<Text> some) {
        List<Text> parts = new ArrayList<>(some);
        parts.sort(java.util.Comparator.comparing(part -> part.text().startsWith("−")));
        StringBuilder sum = new StringBuilder();
        for (Text part : parts) {
            if (sum.isEmpty()) {
                sum.append(part.text());
            } else if (part.text().startsWith("−")) {
                sum.append(" − ").append(part.text(), 1, part.text().length());
            } else {
                sum.append(" + ").append(part.text());
            }
        }
        return sum.toString();
    }

    private Text printed(Tensor tensor, int now) {
        int node = right.graph().position(tensor);
        Integer ofTotal = totals.get(tensor);
        String name = node >= 0 ? notation.value(node, now) : ofTotal != null ? notation.cotangent(ofTotal, now) : null;
        return name != null ? new Text(name, ATOM) : size(tensor) > MOST ? new Text("…", ATOM) : applied(tensor, now);
    }

    /** How many operations a formula has when it is written out, as far as that matters: what is shared is written again. */
    private int size(Tensor formula) {
        for (Tensor each : Terms.nodes(formula, sizes::containsKey)) {
            int size = 1;
            boolean isNamed = totals.containsKey(each) || notation.isNamedForward(each);
            for (Tensor input : isNamed ? List.<Tensor>of() : each.inputs()) {
                size = Math.min(MOST + 1, size + sizes.getOrDefault(input, 1));
            }
            sizes.put(each, size);
        }
        return sizes.getOrDefault(formula, 1);
    }

    private Text applied(Tensor tensor, int now) {
        Op op = tensor.op();
        return switch (op) {
            case Source source -> constant(tensor);
            case Contraction.MatMul product ->
                new Text(
                        turned(printed(tensor.input(0), now), product.transposeA()) + "·"
                                + turned(printed(tensor.input(1), now), product.transposeB()),
                        PRODUCT);
            case Elementwise.AddN sum ->
                new Text(
                        joined(tensor.inputs().stream()
                                .map(each -> printed(each, now))
                                .toList()),
                        SUM);
            case Elementwise.Where where -> choice(tensor, now);
            case Elementwise.Cast cast -> printed(tensor.input(0), now);
            case Movement.Broadcast broadcast -> printed(tensor.input(0), now);
            case Movement.Reshape reshape -> printed(tensor.input(0), now);
            case Movement.Transpose transpose -> new Text(turned(printed(tensor.input(0), now), true), ATOM);
            case Reduction.Sum sum -> summed(tensor, now);
            case Unary row -> unary(row, tensor, now);
            case Binary row -> binary(row, tensor, now);
            default -> called(op.label(), tensor, now);
        };
    }

    private static String turned(Text text, boolean isTurned) {
        String inner = text.within(ATOM);
        return !isTurned ? inner : inner.endsWith("ᵀ") ? inner.substring(0, inner.length() - 1) : inner + "ᵀ";
    }

    private static Text constant(Tensor tensor) {
        double[] numbers = tensor.known().map(NDArray::toDoubles).orElseGet(() -> new double[0]);
        boolean isNumber = numbers.length > 0 && Arrays.stream(numbers).allMatch(each -> each == numbers[0]);
        return new Text(isNumber ? number(numbers[0]) : "const", ATOM);
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? String.format(Locale.ROOT, "%.0f", number).replace('-', '−')
                : String.format(Locale.ROOT, "%.6g", number).replace('-', '−');
    }

    private Text choice(Tensor tensor, int now) {
        return new Text(
                "where(" + printed(tensor.input(0), now).text() + ", "
                        + printed(tensor.input(1), now).text() + ", "
                        + printed(tensor.input(2), now).text() + ")",
                ATOM);
    }

    private Text summed(Tensor tensor, int now) {
        Text of = printed(tensor.input(0), now);
        boolean isSum = tensor.input(0).shape().elements() != tensor.shape().elements();
        return isSum ? new Text("Σ " + of.within(PRODUCT), PRODUCT) : of;
    }

    private Text called(String label, Tensor tensor, int now) {
        return new Text(
                label + "("
                        + tensor.inputs().stream()
                                .map(each -> printed(each, now).text())
                                .collect(Collectors.joining(", "))
                        + ")",
                ATOM);
    }

    private Text unary(Unary row, Tensor tensor, int now) {
        Text x = printed(tensor.input(0), now);
        return switch (row) {
            case NEGATE -> new Text("−" + x.within(PRODUCT), PRODUCT);
            case SQUARE -> new Text(x.within(ATOM) + "²", ATOM);
            case TANH_SLOPE -> slope("tanh", Unary.TANH, tensor.input(0), now);
            case SIGMOID_SLOPE -> slope("σ", Unary.SIGMOID, tensor.input(0), now);
            case SIGMOID -> new Text("σ(" + x.text() + ")", ATOM);
            default -> new Text(row.label() + "(" + x.text() + ")", ATOM);
        };
    }

    /** A slope by its function's result, if that has a name: 1 − h², f ⊙ (1 − f). */
    private Text slope(String function, Unary row, Tensor x, int now) {
        String y = nameOf(row, x, now);
        if (y == null) {
            return new Text(function + "′(" + printed(x, now).text() + ")", ATOM);
        }
        return row == Unary.TANH ? new Text("1 − " + y + "²", SUM) : new Text(y + " ⊙ (1 − " + y + ")", PRODUCT);
    }

    private @Nullable String nameOf(Unary row, Tensor x, int now) {
        for (int node = right.graph().position(x) + 1;
                node > 0 && node < right.graph().size();
                node++) {
            Tensor other = right.graph().node(node);
            if (other.op() == row && other.input(0) == x) {
                return notation.value(node, now);
            }
        }
        return null;
    }

    private Text binary(Binary row, Tensor tensor, int now) {
        Text a = printed(tensor.input(0), now);
        Text b = printed(tensor.input(1), now);
        return switch (row) {
            case PLUS -> new Text(joined(List.of(a, b)), SUM);
            case MINUS -> new Text(a.text() + " − " + b.within(PRODUCT), SUM);
            case TIMES ->
                isOne(tensor.input(0))
                        ? b
                        : isOne(tensor.input(1))
                                ? a
                                : isMinusOne(tensor.input(1))
                                        ? new Text("−" + a.within(PRODUCT), PRODUCT)
                                        : new Text(a.within(PRODUCT) + " ⊙ " + b.within(PRODUCT), PRODUCT);
            case DIV -> new Text(a.within(PRODUCT) + " / " + b.within(ATOM), PRODUCT);
            default -> called(row.label(), tensor, now);
        };
    }

    private static boolean isOne(Tensor tensor) {
        return isNumber(tensor, 1);
    }

    private static boolean isMinusOne(Tensor tensor) {
        return isNumber(tensor, -1);
    }

    private static boolean isNumber(Tensor tensor, double number) {
        if (tensor.op() instanceof Movement.Broadcast) {
            return isNumber(tensor.input(0), number);
        }
        return tensor.op() instanceof Source.Constant && constant(tensor).text().equals(number(number));
    }
}
