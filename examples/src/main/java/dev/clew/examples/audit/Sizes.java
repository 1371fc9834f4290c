package dev.clew.examples.audit;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Map;

/**
 * How large the layers of a model are, by its weights.
 *
 * @param outputs of the layer above the cell, or the units if there is none
 */
record Sizes(int inputs, int units, int outputs) {
    /**
     * Reads them from the weights, whose shapes then all have to be right.
     *
     * @throws IllegalArgumentException if one is not, with the likely fix
     */
    static Sizes of(Description model, Roles roles, Map<String, NDArray> weights) {
        Reading reading = new Reading(model, roles, weights);
        Sizes sizes = reading.sizes();
        roles.names().keySet().forEach(role -> reading.require(role, sizes));
        return sizes;
    }

    /** The shapes of the weights by their roles. */
    private record Reading(Description model, Roles roles, Map<String, NDArray> weights) {
        Sizes sizes() {
            String gate = model.cell().isPlain() ? "" : model.gates().substring(0, 1);
            int units;
            int inputs;
            switch (roles.layout()) {
                case TOGETHER -> {
                    units = smaller("Wh");
                    inputs = shape("Wx").elements() / (units * model.gates().length());
                }
                case EACH -> {
                    units = smaller("Wh" + gate);
                    inputs = shape("Wx" + gate).elements() / units;
                }
                case JOINED -> {
                    units = smaller("W" + gate);
                    inputs = shape("W" + gate).elements() / units - units;
                }
                default -> throw new IllegalStateException(roles.toString());
            }
            int outputs = roles.names().containsKey("Wy") ? shape("Wy").elements() / units : units;
            return new Sizes(inputs, units, outputs);
        }

        private int smaller(String role) {
            Shape shape = shape(role);
            return Math.max(1, Math.min(shape.length(0), shape.length(1)));
        }

        /** Of a matrix. */
        private Shape shape(String role) {
            Shape shape = given(role);
            if (shape.rank() != 2) {
                throw new IllegalArgumentException(named(role) + " is " + shape + ": a matrix has two axes");
            }
            return shape;
        }

        private Shape given(String role) {
            NDArray array = weights.get(name(role));
            if (array == null) {
                throw new IllegalArgumentException("the weights have no " + role + ": " + roles);
            }
            return array.shape();
        }

        private String name(String role) {
            return roles.name(role).orElse(role);
        }

        private String named(String role) {
            return name(role).equals(role) ? role : name(role) + " (" + role + ")";
        }

        void require(String role, Sizes sizes) {
            if (role.startsWith("b")) {
                requireBias(role, sizes);
                return;
            }
            Shape wanted = wanted(role, sizes);
            Shape shape = shape(role);
            if (!shape.equals(wanted)) {
                Shape transposed = Shape.of(shape.length(1), shape.length(0));
                throw new IllegalArgumentException(named(role) + " is " + shape + ": with --orientation="
                        + model.orientation() + ", " + sizes + ", it must be " + wanted
                        + (transposed.equals(wanted)
                                ? "; it is transposed: give --orientation="
                                        + model.orientation().other() + " if all are, or " + name(role) + ".T"
                                : "; is it another array, or another --model?"));
            }
        }

        private Shape wanted(String role, Sizes sizes) {
            Orientation side = model.orientation();
            if (role.equals("Wy")) {
                return side.shape(sizes.outputs, sizes.units);
            }
            int gates = roles.layout() == Scheme.Layout.TOGETHER ? model.gates().length() : 1;
            int inputs = roles.layout() == Scheme.Layout.JOINED
                    ? sizes.units + sizes.inputs
                    : role.startsWith("Wx") ? sizes.inputs : sizes.units;
            return side.shape(gates * sizes.units, inputs);
        }

        private void requireBias(String role, Sizes sizes) {
            int gates = roles.layout() == Scheme.Layout.TOGETHER ? model.gates().length() : 1;
            int wanted = role.equals("by") ? sizes.outputs : gates * sizes.units;
            Shape shape = given(role);
            if (shape.elements() != wanted || !Arrangement.isVector(shape)) {
                throw new IllegalArgumentException(named(role) + " is " + shape + ": with " + sizes + " it must be "
                        + Shape.of(wanted) + ", " + Shape.of(wanted, 1) + " or " + Shape.of(1, wanted));
            }
        }
    }

    @Override
    public String toString() {
        return inputs + " inputs, " + units + " units and " + outputs + " outputs";
    }
}
