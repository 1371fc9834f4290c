package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.nn.onnx.Literal.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node that is being read. Every attribute must be asked for: one that nobody has looked at says that the operator does something else
 * than what was understood.
 */
final class Call {
    private final Node node;
    private final Set<String> asked = new HashSet<>();

    Call(Node node) {
        this.node = node;
    }

    String operator() {
        return node.operator();
    }

    ImmutableList<String> inputs() {
        return node.inputs();
    }

    ImmutableList<String> outputs() {
        return node.outputs();
    }

    /** What the writer noted of it. */
    Map<String, String> notes() {
        return node.notes();
    }

    boolean has(String name) {
        return node.attributes().containsKey(name);
    }

    /** One whole number. */
    long whole(String name, long otherwise) throws MalformedMessageException {
        asked.add(name);
        return switch (node.attributes().get(name)) {
            case null -> otherwise;
            case Literal.Whole whole -> whole.number();
            case Literal _ -> throw wrong(name, "a whole number");
        };
    }

    /** An axis. */
    int axis(long otherwise) throws MalformedMessageException {
        return Values.ints(new long[] {whole("axis", otherwise)}, "axis")[0];
    }

    /** Yes or no, as 1 or 0. */
    boolean flag(String name, boolean otherwise) throws MalformedMessageException {
        long number = whole(name, otherwise ? 1 : 0);
        if (number != 0 && number != 1) {
            throw new MalformedMessageException(
                    "the attribute '" + name + "' of " + operator() + " is " + number + "; it is 0 or 1");
        }
        return number == 1;
    }

    /** Refuses what Clew does not write. */
    void require(boolean holds, String name, String expected) throws MalformedMessageException {
        if (!holds) {
            throw new MalformedMessageException("the attribute '" + name + "' of " + operator() + " for '"
                    + outputs().getFirst() + "' is another than in models of Clew, where it is " + expected);
        }
    }

    String word(String name, String otherwise) throws MalformedMessageException {
        asked.add(name);
        return switch (node.attributes().get(name)) {
            case null -> otherwise;
            case Literal.Word word -> word.text();
            case Literal _ -> throw wrong(name, "a text");
        };
    }

    List<String> words(String name) throws MalformedMessageException {
        asked.add(name);
        return switch (node.attributes().get(name)) {
            case null -> List.of();
            case Literal.Words words -> words.texts();
            case Literal _ -> throw wrong(name, "texts");
        };
    }

    int[] wholes(String name) throws MalformedMessageException {
        asked.add(name);
        return switch (node.attributes().get(name)) {
            case null -> new int[0];
            case Literal.Wholes wholes -> Values.ints(wholes.numbers().toArray(), name);
            case Literal _ -> throw wrong(name, "whole numbers");
        };
    }

    float real(String name) throws MalformedMessageException {
        asked.add(name);
        if (node.attributes().get(name) instanceof Literal.Real real) {
            return real.number();
        }
        throw wrong(name, "a number");
    }

    Literal.Numbers numbers(String name) throws MalformedMessageException {
        asked.add(name);
        if (node.attributes().get(name) instanceof Literal.Numbers numbers) {
            return numbers;
        }
        throw wrong(name, "numbers");
    }

    Literal.Body body(String name) throws MalformedMessageException {
        asked.add(name);
        if (node.attributes().get(name) instanceof Literal.Body body) {
            return body;
        }
        throw wrong(name, "a graph");
    }

    private MalformedMessageException wrong(String attribute, String expected) {
        return new MalformedMessageException("the attribute '" + attribute + "' of " + operator() + " for '"
                + outputs().getFirst() + "' is of another kind, or missing; it is " + expected);
    }

    /** Refuses a node with an attribute that nobody has asked for. */
    void requireAllAsked() throws MalformedMessageException {
        for (String name : node.attributes().keySet()) {
            if (!asked.contains(name)) {
                throw new MalformedMessageException("the operator " + operator() + " for '"
                        + outputs().getFirst() + "' has the attribute '" + name
                        + "', which Clew does not write; without it, it would be another operator");
            }
        }
    }
}
