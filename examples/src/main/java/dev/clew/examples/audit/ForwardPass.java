package dev.clew.examples.audit;

import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The model as a graph, from numbers by the user's names.
 *
 * @param data the user's names of the data there are; the states before the first step always are
 */
record ForwardPass(Description model, Roles roles, Map<DataRole, String> data)
        implements Function<Map<String, Tensor>, Unrolled> {
    @Override
    public Unrolled apply(Map<String, Tensor> point) {
        return new Loop(this, point).run();
    }

    /** The user's name of the state before the first step. */
    String initial(String state) {
        return state.equals("h") ? name(DataRole.H0) : name(DataRole.C0);
    }

    /** The name of what a step computes; one that a weight has too gets a t. */
    String step(String letter) {
        String name = letter.equals("x") ? name(DataRole.X) : model.nameOfStep(letter);
        return roles.names().containsValue(name) ? name + "_t" : name;
    }

    /** The letters of what can be named of every step, without the inputs. */
    List<String> letters() {
        List<String> letters = new ArrayList<>(model.cell().letters());
        letters.add("y");
        return letters;
    }

    String name(DataRole role) {
        return data.getOrDefault(role, role.role());
    }

    /** One pass over the steps. */
    private static final class Loop {
        private final ForwardPass pass;
        private final Map<String, Tensor> point;
        private final Weights.Source source;
        private final Optional<Tensor> mask;
        private final Map<String, List<Tensor>> trace = new LinkedHashMap<>();

        Loop(ForwardPass pass, Map<String, Tensor> point) {
            this.pass = pass;
            this.point = point;
            this.source = new Weights.Source(pass.roles, point, pass.model.orientation());
            this.mask = Optional.ofNullable(pass.data.get(DataRole.MASK)).map(this::number);
        }

        Unrolled run() {
            Tensor x = number(pass.name(DataRole.X));
            Map<String, Tensor> states = initial();
            Weights weights = weights();
            for (int t = 0; t < x.shape().length(0); t++) {
                Tensor input = x.get(t);
                Map<String, Tensor> values =
                        new LinkedHashMap<>(pass.model.cell().step(weights, input, states, pass.model.updateNew()));
                hold(values, states, t);
                states = values;
                keep("x", input);
                values.forEach(this::keep);
                keep("y", output(values));
            }
            return named(loss());
        }

        private Tensor number(String name) {
            Tensor number = point.get(name);
            if (number == null) {
                throw new IllegalArgumentException("a forward pass of " + point.keySet() + ": there is no " + name);
            }
            return number;
        }

        private Map<String, Tensor> initial() {
            Map<String, Tensor> states = new LinkedHashMap<>();
            pass.model.cell().states().forEach(state -> states.put(state, number(pass.initial(state))));
            return states;
        }

        private Weights weights() {
            return switch (pass.roles.layout()) {
                case TOGETHER -> new Weights.Together(source, pass.model.gates());
                case EACH -> new Weights.Each(source);
                case JOINED ->
                    new Weights.Joined(
                            source, pass.model.stateFirst(), pass.model.cell().isPlain());
            };
        }

        /** Where the mask is 0, the states stay what they were: h_t = m∘h' + (1 − m)∘h_{t−1}. */
        private void hold(Map<String, Tensor> values, Map<String, Tensor> before, int t) {
            if (mask.isPresent() && pass.model.mask().isOfState()) {
                Tensor m = mask.get().get(t).expandDims(features());
                for (String state : pass.model.cell().states()) {
                    Tensor old = before.getOrDefault(state, m);
                    values.computeIfPresent(
                            state,
                            (_, next) -> m.times(next).plus(m.negate().plus(1).times(old)));
                }
            }
        }

        private Tensor output(Map<String, Tensor> values) {
            Tensor h = values.getOrDefault("h", Tensor.of(Double.NaN));
            return source.find("Wy")
                    .map(w -> Weights.Source.plus(source.product(w, h), source.bias("by")))
                    .orElse(h);
        }

        private void keep(String letter, Tensor value) {
            trace.computeIfAbsent(letter, _ -> new ArrayList<>()).add(value);
        }

        private Tensor loss() {
            boolean counts = pass.model.mask().isOfLoss()
                    && !(pass.model.objective().isLast() && pass.model.mask().isOfState());
            return pass.model
                    .objective()
                    .of(
                            trace.getOrDefault("y", List.of()),
                            number(pass.name(DataRole.TARGETS)),
                            counts ? mask : Optional.empty(),
                            features());
        }

        private int features() {
            return pass.model.orientation().features();
        }

        private Unrolled named(Tensor loss) {
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            pass.roles.names().values().forEach(name -> parameters.put(name, number(name)));
            Unrolled forward = Unrolled.of(loss, parameters);
            for (String state : pass.model.cell().states()) {
                forward = forward.withInitial(pass.initial(state), number(pass.initial(state)));
            }
            for (Map.Entry<String, List<Tensor>> each : trace.entrySet()) {
                boolean isOutputOfCell =
                        each.getKey().equals("y") && roles().name("Wy").isEmpty();
                if (!isOutputOfCell) { // Then y is h, which has a name already.
                    forward = forward.withSteps(pass.step(each.getKey()), each.getValue());
                }
            }
            return forward;
        }

        private Roles roles() {
            return pass.roles;
        }
    }
}
