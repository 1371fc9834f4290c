package dev.clew.compile;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.runtime.Instruction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
 * Every array that a plan has in its memory at some time during a run, to be found by its numbers: whole, or as one of equal parts,
 * since steps of a sequence may lie in one stack.
 */
final class Materialized {
    /** Equal beginnings of so many arrays are looked at. */
    private static final int MOST_ALIKE = 256;

    private static final byte NAN = (byte) 0xFF;

    /** What is looked for has one of these types and numbers of elements. */
    record Size(DType type, int elements) {}

    private final Map<Size, TreeMap<Double, List<double[]>>> found = new HashMap<>();
    private final Map<DType, Set<Integer>> wanted = new HashMap<>();
    private final List<NDArray> outputs = new ArrayList<>();

    private Materialized(Program meaning) {
        for (int i = 0; i < meaning.size(); i++) {
            wanted.computeIfAbsent(meaning.node(i).type(), _ -> new HashSet<>())
                    .add(meaning.node(i).shape().elements());
        }
    }

    /** Of a run on these numbers, in a memory of its own, record by record. */
    static Materialized of(Compiler.Code code, List<NDArray> numbers) {
        Materialized all = new Materialized(code.captured());
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(code.bytes(), Tape.ALIGNMENT).fill(NAN);
            code.emitted().literals().forEach(literal -> literal.store(memory));
            for (int slot = 0; slot < numbers.size(); slot++) {
                for (View place : code.emitted().leaves().get(slot)) {
                    Fallback.store(numbers.get(slot), memory, place);
                }
            }
            List<Instruction> records = Instructions.made(code.drafts(), Draft.Form.PLAIN);
            for (int i = 0; i < records.size(); i++) {
                records.get(i).run(memory);
                code.drafts().get(i).touched().forEach(view -> all.add(Fallback.load(memory, view)));
            }
            code.emitted().outputs().forEach(view -> all.outputs.add(Fallback.load(memory, view)));
        }
        return all;
    }

    /** What the plan gives. */
    List<NDArray> outputs() {
        return outputs;
    }

    private void add(NDArray array) {
        double[] numbers = array.toDoubles();
        for (int elements : wanted.getOrDefault(array.dtype(), Set.of())) {
            if (elements > 0 && numbers.length > 0 && numbers.length % elements == 0) {
                for (int from = 0; from < numbers.length; from += elements) {
                    add(new Size(array.dtype(), elements), Arrays.copyOfRange(numbers, from, from + elements));
                }
            }
        }
    }

    private void add(Size size, double[] part) {
        List<double[]> alike = found.computeIfAbsent(size, _ -> new TreeMap<>())
                .computeIfAbsent(part[0] + 0.0, _ -> new ArrayList<>());
        if (alike.size() < MOST_ALIKE && alike.stream().noneMatch(each -> Arrays.equals(each, part))) {
            alike.add(part);
        }
    }

    /** All arrays whose elements are within bounds of these, the nearest first; 0 and −0 are equal, and so is every NaN. */
    List<double[]> near(DType type, double[] numbers, double[] bounds) {
        TreeMap<Double, List<double[]>> all = found.get(new Size(type, numbers.length));
        if (all == null || numbers.length == 0) {
            return List.of();
        }
        double least = numbers[0] - bounds[0];
        double most = numbers[0] + bounds[0];
        boolean isRange = !Double.isNaN(least) && !Double.isNaN(most);
        return (isRange ? all.subMap(least + 0.0, true, most + 0.0, true) : all)
                .values().stream()
                        .flatMap(List::stream)
                        .filter(part -> first(part, numbers, bounds) < 0)
                        .sorted(Comparator.comparingDouble(part -> distance(part, numbers)))
                        .toList();
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += isSame(a[i], b[i]) ? 0 : Math.abs(a[i] - b[i]);
        }
        return sum;
    }

    private static boolean isSame(double a, double b) {
        return a == b || (Double.isNaN(a) && Double.isNaN(b));
    }

    /** Where two arrays are farther apart than a bound; -1 if nowhere. */
    static int first(double[] a, double[] b, double[] bounds) {
        for (int i = 0; i < a.length; i++) {
            double apart = Math.abs(a[i] - b[i]);
            if (!isSame(a[i], b[i]) && !(apart <= bounds[i] && apart < Double.POSITIVE_INFINITY)) {
                return i;
            }
        }
        return -1;
    }
}
