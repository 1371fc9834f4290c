package dev.clew.examples.audit;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The matrices of a cell as the code by hand has them, and their products with one step, a row or a vector for each gate that is asked
 * for.
 *
 * <p>Shapes: x (inputs, batch), h (units, batch) → (units, batch) for every gate, or all of them transposed.
 */
sealed interface Weights {
    /** Wx·x + Wh·h + all biases. */
    List<Tensor> sums(String gates, Tensor x, Tensor h);

    /** Wx·x + b. */
    List<Tensor> ofInput(String gates, Tensor x);

    /** Wh·h + b2: what a GRU resets if it does so after the product. */
    List<Tensor> ofState(String gates, Tensor h);

    /** The matrices in use: how a name of the file is found for a role, and what side they stand on. */
    record Source(Roles roles, Map<String, Tensor> point, Orientation orientation) {
        Tensor matrix(String role) {
            return find(role)
                    .orElseThrow(() -> new IllegalArgumentException("the weights have no " + role + ": " + roles));
        }

        Optional<Tensor> find(String role) {
            return roles.name(role).map(point::get);
        }

        /** A bias as a row, if there is one. */
        List<Tensor> bias(String role) {
            return find(role).map(orientation::bias).stream().toList();
        }

        Tensor product(Tensor matrix, Tensor x) {
            return orientation.product(matrix, x);
        }

        static Tensor plus(Tensor product, List<Tensor> biases) {
            Tensor sum = product;
            for (Tensor bias : biases) {
                sum = sum.plus(bias);
            }
            return sum;
        }
    }

    /** Matrices for input and state with all gates one after the other, as in PyTorch; of a plain cell, simply two matrices. */
    record Together(Source source, String order) implements Weights {
        @Override
        public List<Tensor> sums(String gates, Tensor x, Tensor h) {
            Tensor products = product("Wx", gates, x).plus(product("Wh", gates, h));
            return split(Source.plus(Source.plus(products, bias("b", gates)), bias("b2", gates)), gates);
        }

        @Override
        public List<Tensor> ofInput(String gates, Tensor x) {
            return split(Source.plus(product("Wx", gates, x), bias("b", gates)), gates);
        }

        @Override
        public List<Tensor> ofState(String gates, Tensor h) {
            return split(Source.plus(product("Wh", gates, h), bias("b2", gates)), gates);
        }

        private Tensor product(String role, String gates, Tensor x) {
            return source.product(
                    some(source.matrix(role), gates, source.orientation().outputs()), x);
        }

        private List<Tensor> bias(String role, String gates) {
            return source.bias(role).stream().map(b -> some(b, gates, 0)).toList();
        }

        /** The parts of some gates, or all of it, in the order of the file. */
        private Tensor some(Tensor all, String gates, int axis) {
            if (gates.length() == order.length()) {
                return all;
            }
            List<Tensor> parts = all.split(axis, order.length());
            List<Tensor> chosen = gates.chars()
                    .mapToObj(gate -> parts.get(order.indexOf(gate)))
                    .toList();
            return chosen.size() == 1 ? chosen.getFirst() : Tensor.concat(axis, chosen);
        }

        private List<Tensor> split(Tensor sums, String gates) {
            if (gates.length() == 1) {
                return List.of(sums);
            }
            String stored = gates.length() == order.length() ? order : gates;
            List<Tensor> parts = sums.split(source.orientation().features(), gates.length());
            return gates.chars()
                    .mapToObj(gate -> parts.get(stored.indexOf(gate)))
                    .toList();
        }
    }

    /** Two matrices for every gate. */
    record Each(Source source) implements Weights {
        @Override
        public List<Tensor> sums(String gates, Tensor x, Tensor h) {
            return each(gates, gate -> {
                Tensor products = source.product(source.matrix("Wx" + gate), x)
                        .plus(source.product(source.matrix("Wh" + gate), h));
                return Source.plus(Source.plus(products, source.bias("b" + gate)), source.bias("b2" + gate));
            });
        }

        @Override
        public List<Tensor> ofInput(String gates, Tensor x) {
            return each(
                    gates, gate -> Source.plus(source.product(source.matrix("Wx" + gate), x), source.bias("b" + gate)));
        }

        @Override
        public List<Tensor> ofState(String gates, Tensor h) {
            return each(
                    gates,
                    gate -> Source.plus(source.product(source.matrix("Wh" + gate), h), source.bias("b2" + gate)));
        }
    }

    /**
     * One matrix for every gate, over state and input one after the other.
     *
     * @param isPlain whether there is one, whose roles have no letter
     */
    record Joined(Source source, boolean stateFirst, boolean isPlain) implements Weights {
        @Override
        public List<Tensor> sums(String gates, Tensor x, Tensor h) {
            Tensor both = Tensor.concat(source.orientation().features(), stateFirst ? List.of(h, x) : List.of(x, h));
            return each(gates, gate -> biased(gate, source.product(matrix(gate), both)));
        }

        @Override
        public List<Tensor> ofInput(String gates, Tensor x) {
            return each(gates, gate -> {
                int inputs = x.shape().length(source.orientation().features());
                return biased(gate, source.product(part(gate, stateFirst ? both(gate) - inputs : 0, inputs), x));
            });
        }

        @Override
        public List<Tensor> ofState(String gates, Tensor h) {
            return each(gates, gate -> {
                int units = h.shape().length(source.orientation().features());
                Tensor part = part(gate, stateFirst ? 0 : both(gate) - units, units);
                return Source.plus(source.product(part, h), source.bias("b2" + suffix(gate)));
            });
        }

        private Tensor part(String gate, int from, int count) {
            return matrix(gate).slice(source.orientation().inputs(), from, from + count);
        }

        /** Units and inputs. */
        private int both(String gate) {
            return matrix(gate).shape().length(source.orientation().inputs());
        }

        private Tensor matrix(String gate) {
            return source.matrix("W" + suffix(gate));
        }

        private Tensor biased(String gate, Tensor product) {
            return Source.plus(product, source.bias("b" + suffix(gate)));
        }

        private String suffix(String gate) {
            return isPlain ? "" : gate;
        }
    }

    private static List<Tensor> each(String gates, Function<String, Tensor> of) {
        List<Tensor> all = new ArrayList<>();
        for (int gate = 0; gate < gates.length(); gate++) {
            all.add(of.apply(gates.substring(gate, gate + 1)));
        }
        return all;
    }
}
