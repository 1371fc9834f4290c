package dev.clew.examples.byhand;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import java.util.Map;
import java.util.Objects;

/** What the golden files of the alphabet network hold, in the types of the network. */
public final class Alphabet {
    private Alphabet() {}

    /** Weights drawn in the order W, b, V, c, U. */
    public static Weights draw(Lcg generator, int hidden, double low, double high) {
        double[][] w = generator.matrix(hidden, hidden, low, high);
        double[][] b = generator.matrix(hidden, 1, low, high);
        double[][] v = generator.matrix(26, hidden, low, high);
        double[][] c = generator.matrix(26, 1, low, high);
        double[][] u = generator.matrix(hidden, 26, low, high);
        return new Weights(u, w, b, v, c);
    }

    /** Weights by the names of the equations. */
    public static Weights weights(Map<String, double[][]> map) {
        return new Weights(get(map, "U"), get(map, "W"), get(map, "b"), get(map, "V"), get(map, "c"));
    }

    /** The weights of a case, written out or as a line about {@code LCG(16)}. */
    public static Weights weights(JsonObject goldenCase) {
        JsonElement weights = goldenCase.get("weights");
        return weights.isJsonObject() ? weights(Golden.matrices(weights)) : draw(new Lcg(16), 16, 0, 1);
    }

    /** Letters as symbols: A is 0. */
    public static int[] symbols(String letters) {
        return letters.chars().map(letter -> letter - 'A').toArray();
    }

    /** The XOR of the bits of all weights, in hexadecimal. */
    public static String bits(Weights weights) {
        long bits = 0;
        for (double[][] weight : weights.asMap().values()) {
            for (double[] row : weight) {
                for (double value : row) {
                    bits ^= Double.doubleToRawLongBits(value);
                }
            }
        }
        return String.format("%016x", bits);
    }

    private static double[][] get(Map<String, double[][]> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }
}
