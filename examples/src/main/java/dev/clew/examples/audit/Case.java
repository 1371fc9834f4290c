package dev.clew.examples.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.ByHand;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is audited: a model, the point at which code by hand was run, and what that code computed there.
 *
 * @param forward the model
 * @param point weights as they lie in the files, and data by step, in f64
 * @param first what was computed, in the precision of the files
 * @param second what a second call computed
 */
record Case(ForwardPass forward, Map<String, NDArray> point, ByHand first, Optional<ByHand> second) {
    private static final String RULE =
            "arrays are weights with a role, x, targets, h0, c0, mask or lengths, gradients dNAME,"
                    + " adjoints dh, activations h and loss, as the files may have them; leave out the others, or name roles with --names";

    /**
     * Understands the files.
     *
     * @throws IllegalArgumentException if arrays are missing, have other shapes than they must, or no meaning
     */
    static Case of(Description model, CaseFiles files) {
        return new Reading(model, files).run();
    }

    /** Takes every array for what it is. */
    private static final class Reading {
        private final Description model;
        private final CaseFiles files;
        private final Roles roles;
        private final Sizes sizes;
        private final Map<String, NDArray> point = new LinkedHashMap<>();
        private final Map<DataRole, String> data = new EnumMap<>(DataRole.class);
        private final Arrangement arrangement;

        Reading(Description model, CaseFiles files) {
            this.model = model;
            this.files = files;
            NamedArrays weights = files.weights().arrays();
            this.roles = Roles.of(model.cell(), weights.names(), model.namesOfWeights(), weights.source());
            roles.names()
                    .values()
                    .forEach(name -> point.put(name, weights.take(name).cast(DType.F64)));
            this.sizes = Sizes.of(model, roles, point);
            this.arrangement = inputs();
        }

        Case run() {
            targets();
            initial(DataRole.H0);
            if (model.cell().states().contains("c")) {
                initial(DataRole.C0);
            }
            mask();
            ForwardPass forward = new ForwardPass(model, roles, data);
            ByHand first = gradients(forward, files.gradients());
            Optional<ByHand> second = files.second().map(each -> gradients(forward, each));
            first = withAdjoints(forward, first);
            first = withActivations(forward, first);
            files.weights().arrays().requireAllTaken(RULE);
            files.data().arrays().requireAllTaken(RULE);
            files.gradients()
                    .arrays()
                    .requireAllTaken("the gradients are of " + names(forward) + ", or d before such a name");
            files.second().ifPresent(each -> each.arrays().requireAllTaken("the gradients are of " + names(forward)));
            files.adjoints().ifPresent(each -> each.arrays().requireAllTaken("steps have " + steps(forward)));
            files.activations().ifPresent(each -> each.arrays().requireAllTaken("steps have " + steps(forward)));
            return new Case(forward, point, first, second);
        }

        private static List<String> names(ForwardPass forward) {
            List<String> names = new ArrayList<>(forward.roles().names().values());
            forward.model().cell().states().forEach(state -> names.add(forward.initial(state)));
            return names;
        }

        private static List<String> steps(ForwardPass forward) {
            return forward.letters().stream().map(forward::step).toList();
        }

        // ---------------------------------------------------------------------------------------------------- data

        private Optional<Found> take(DataRole role) {
            NamedArrays arrays = files.data().arrays();
            return model.namesOf(role).stream()
                    .filter(arrays.names()::contains)
                    .filter(name -> !point.containsKey(name))
                    .findFirst()
                    .map(name -> new Found(name, arrays.take(name)));
        }

        private Found needed(DataRole role) {
            return take(role)
                    .orElseThrow(() -> new IllegalArgumentException(role.role() + " of "
                            + files.data().arrays().source() + ": looked for " + model.namesOf(role)
                            + ", and there are "
                            + files.data().arrays().names() + "; say which with --names " + role.role() + "=NAME"));
        }

        private void put(DataRole role, Found found) {
            data.put(role, found.name);
            point.put(found.name, found.array.cast(DType.F64));
        }

        private Arrangement inputs() {
            Found x = needed(DataRole.X);
            boolean areSymbols = areSymbols(x);
            NDArray array = areSymbols ? x.array.cast(DType.I32) : x.array;
            Arrangement arranged = Arrangement.of(model.axes(), model.orientation(), array, areSymbols, sizes.inputs());
            put(DataRole.X, new Found(x.name, arranged.perStep(x.name, array, sizes.inputs())));
            return arranged;
        }

        /** Integers without an axis of features. */
        private boolean areSymbols(Found x) {
            if (model.symbols().isPresent()) {
                if (model.symbols().getAsInt() != sizes.inputs()) {
                    throw new IllegalArgumentException(
                            "--symbols=" + model.symbols().getAsInt() + ": the weights have " + sizes
                                    + ", and every symbol is an input of its own");
                }
                return true;
            }
            Shape shape = x.array.shape();
            if (x.array.dtype() != DType.I32 || sizes.inputs() == 1 || shape.rank() > 2) {
                return false;
            }
            return shape.rank() == 1
                    || model.axes().ordered(x.array, "tf").shape().length(1) != sizes.inputs();
        }

        private void targets() {
            Found targets = needed(DataRole.TARGETS);
            NDArray array = model.objective().isLast()
                    ? arrangement.perSequence(targets.name, targets.array, sizes.outputs())
                    : arrangement.perStep(targets.name, targets.array, sizes.outputs());
            put(DataRole.TARGETS, new Found(targets.name, array));
        }

        private void initial(DataRole role) {
            Shape zeros = model.orientation().step(sizes.units(), arrangement.sequences());
            put(
                    role,
                    take(role)
                            .map(found -> new Found(
                                    found.name, arrangement.perSequence(found.name, found.array, sizes.units())))
                            .orElseGet(() -> new Found(role.role(), NDArray.full(0, DType.F64, zeros))));
        }

        private void mask() {
            Optional<Found> mask = take(DataRole.MASK);
            Optional<Found> lengths = take(DataRole.LENGTHS);
            if (mask.isPresent() && lengths.isPresent()) {
                throw new IllegalArgumentException(
                        mask.get().name + " and " + lengths.get().name + ": both say which steps count; leave one out");
            }
            mask.ifPresent(
                    found -> put(DataRole.MASK, new Found(found.name, arrangement.numbers(found.name, found.array))));
            lengths.ifPresent(
                    found -> put(DataRole.MASK, new Found("mask", arrangement.mask(found.name, found.array))));
        }

        // -------------------------------------------------------------------------------------------------- by hand

        private ByHand gradients(ForwardPass forward, CaseFiles.Source source) {
            Map<String, NDArray> gradients = new LinkedHashMap<>();
            for (String name : names(forward)) {
                boolean isWeight = roles.names().containsValue(name);
                gradient(source, name)
                        .ifPresent(array -> gradients.put(
                                name,
                                isWeight
                                        ? like(name, array)
                                        : arrangement.perSequence("d" + name, array, sizes.units())));
            }
            if (gradients.isEmpty()) {
                throw new IllegalArgumentException(
                        "gradients of " + source.arrays().source() + ": there are "
                                + source.arrays().names() + ", none of which is d and one of " + names(forward));
            }
            return ByHand.of(gradients);
        }

        private static Optional<NDArray> gradient(CaseFiles.Source source, String name) {
            List<String> names = new ArrayList<>(List.of("d" + name, name + ".grad", "grad_" + name));
            if (!source.isShared()) {
                names.add(name);
            }
            return source.arrays().take(names).map(Reading::floating);
        }

        private static NDArray floating(NDArray array) {
            return array.dtype().isFloating() ? array : array.cast(DType.F64);
        }

        /** With the shape of the weight. */
        private NDArray like(String name, NDArray array) {
            Shape wanted = point.getOrDefault(name, array).shape();
            Shape shape = array.shape();
            if (shape.elements() == wanted.elements()
                    && (shape.equals(wanted) || (Arrangement.isVector(wanted) && Arrangement.isVector(shape)))) {
                return array.reshape(wanted);
            }
            boolean isTransposed = shape.rank() == 2 && wanted.equals(Shape.of(shape.length(1), shape.length(0)));
            throw new IllegalArgumentException("the gradient by " + name + " is " + shape + ", and " + name + " is "
                    + wanted + ": they have one shape"
                    + (isTransposed ? "; it is transposed: give d" + name + ".T" : ""));
        }

        private ByHand withAdjoints(ForwardPass forward, ByHand byHand) {
            ByHand more = byHand;
            if (files.adjoints().isEmpty()) {
                return more;
            }
            CaseFiles.Source source = files.adjoints().get();
            for (String letter : traced(forward)) {
                String step = forward.step(letter);
                Optional<NDArray> array =
                        source.arrays().take(source.isShared() ? List.of("d" + step) : List.of("d" + step, step));
                if (array.isPresent()) {
                    more = more.withAdjoints(step, steps("d" + step, letter, array.get()));
                }
            }
            return more;
        }

        private ByHand withActivations(ForwardPass forward, ByHand byHand) {
            ByHand more = byHand;
            if (files.activations().isEmpty()) {
                return more;
            }
            NamedArrays arrays = files.activations().get().arrays();
            for (String letter : traced(forward)) {
                String step = forward.step(letter);
                Optional<NDArray> array = arrays.take(List.of(step));
                if (array.isPresent()) {
                    more = more.withActivations(step, steps(step, letter, array.get()));
                }
            }
            Optional<NDArray> loss = arrays.take(List.of("loss"));
            return loss.isPresent() ? more.withLoss(number(loss.get())) : more;
        }

        private List<String> traced(ForwardPass forward) {
            List<String> letters = new ArrayList<>(forward.letters());
            if (roles.name("Wy").isEmpty()) {
                letters.remove("y");
            }
            return letters;
        }

        private List<NDArray> steps(String name, String letter, NDArray array) {
            int width = letter.equals("y") ? sizes.outputs() : sizes.units();
            return arrangement.split(arrangement.perStep(name, array, width));
        }

        private static double number(NDArray loss) {
            if (loss.shape().elements() != 1) {
                throw new IllegalArgumentException("loss is " + loss.shape() + ": it is one number");
            }
            return loss.reshape(Shape.SCALAR).item();
        }
    }

    private record Found(String name, NDArray array) {}
}
