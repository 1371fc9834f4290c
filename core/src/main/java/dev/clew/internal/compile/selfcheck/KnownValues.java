package dev.clew.internal.compile.selfcheck;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every value that a plan has at some time during a run, to be found by its numbers: whole, or as one of equal parts, since steps of
 * a sequence may be in one stack.
 */
final class KnownValues {
    /** Equal beginnings of so many arrays are looked at. */
    private static final int MOST_ALIKE = 256;

    /** A stack of more steps is not looked into. */
    private static final int MOST_PARTS = 2048;

    /** What is looked for has one of these types and numbers of elements. */
    private record Size(DType type, int elements) {}

    /** A stretch of an array, which is not copied. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Part(double[] array, int from, int to) {
        boolean isSame(Part other) {
            return Arrays.equals(array, from, to, other.array, other.from, other.to);
        }

        double[] numbers() {
            return Arrays.copyOfRange(array, from, to);
        }
    }

    private final Map<Size, TreeMap<Double, List<Part>>> found = new HashMap<>();
    private final Map<DType, Set<Integer>> wanted = new HashMap<>();

    /** Of a plan, for those who look for what is in a program. */
    KnownValues(List<NDArray> values, Program lookingFor) {
        for (int i = 0; i < lookingFor.size(); i++) {
            wanted.computeIfAbsent(lookingFor.node(i).type(), _ -> new HashSet<>())
                    .add(lookingFor.node(i).shape().elements());
        }
        values.forEach(this::add);
    }

    private void add(NDArray array) {
        int length = array.shape().elements();
        int[] sizes = wanted.getOrDefault(array.dtype(), Set.of()).stream()
                .mapToInt(elements -> elements)
                .filter(elements -> elements > 0 && length > 0)
                .filter(elements -> length % elements == 0 && length / elements <= MOST_PARTS)
                .toArray();
        if (sizes.length > 0) {
            double[] numbers = array.toDoubles();
            for (int elements : sizes) {
                for (int from = 0; from < numbers.length; from += elements) {
                    add(new Size(array.dtype(), elements), new Part(numbers, from, from + elements));
                }
            }
        }
    }

    private void add(Size size, Part part) {
        List<Part> alike = found.computeIfAbsent(size, _ -> new TreeMap<>())
                .computeIfAbsent(part.array[part.from] + 0.0, _ -> new ArrayList<>(1));
        if (alike.size() < MOST_ALIKE && alike.stream().noneMatch(part::isSame)) {
            alike.add(part);
        }
    }

    /** All arrays whose elements are within bounds of these, the nearest first; 0 and −0 are equal, and so is every NaN. */
    List<double[]> near(DType type, double[] numbers, double[] bounds) {
        TreeMap<Double, List<Part>> all = found.get(new Size(type, numbers.length));
        if (all == null || numbers.length == 0) {
            return List.of();
        }
        double least = numbers[0] - FormulaWalk.bound(bounds, 0);
        double most = numbers[0] + FormulaWalk.bound(bounds, 0);
        boolean isRange = !Double.isNaN(least) && !Double.isNaN(most);
        return (isRange ? all.subMap(least + 0.0, true, most + 0.0, true) : all)
                .values().stream()
                        .flatMap(List::stream)
                        .map(Part::numbers)
                        .filter(part -> FormulaWalk.first(part, numbers, bounds) < 0)
                        .sorted(Comparator.comparingDouble(part -> distance(part, numbers)))
                        .toList();
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += FormulaWalk.isSame(a[i], b[i]) ? 0 : Math.abs(a[i] - b[i]);
        }
        return sum;
    }
}
