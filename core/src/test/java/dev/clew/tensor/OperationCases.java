package dev.clew.tensor;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.clew.array.NDArray;
import dev.clew.testing.Cubed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sample inputs for every operation. The registry of operations is the sealed interface {@link Op} itself; a new operation
 * needs a row here, or {@link OperationsTest} names it.
 */
public final class OperationCases {
    private OperationCases() {}

    private static final List<Class<?>> OWN_CUSTOM = ownCustom();

    static final int[][] SHAPES = {{}, {1}, {3}, {0}, {2, 3}, {1, 3}, {2, 0}, {2, 1, 3}, {2, 3, 2}};

    private final List<Case> cases = new ArrayList<>();

    /**
     * One operation on one set of inputs.
     *
     * @param operation a constant of an enum, the class of a record, or the name of a function composed of operations
     * @param hasSlopes whether a difference quotient of the values is the gradient, as everywhere but at stopGradient
     */
    public record Case(Object operation, List<NDArray> inputs, Build build, boolean hasSlopes) {
        @Override
        public String toString() {
            String name = operation instanceof Class<?> type ? type.getSimpleName() : operation.toString();
            return name + " " + inputs.stream().map(NDArray::shape).toList();
        }
    }

    /** Applies the operation. */
    @FunctionalInterface
    public interface Build {
        Tensor of(List<Tensor> inputs);
    }

    /** All rows. */
    public static List<Case> all() {
        OperationCases table = new OperationCases();
        table.sources();
        table.custom();
        return Stream.of(
                        ElementwiseCases.all(),
                        ContractionCases.all(),
                        ReductionCases.all(),
                        ScanCases.all(),
                        MovementCases.all(),
                        SelectionCases.all(),
                        table.cases)
                .flatMap(List::stream)
                .toList();
    }

    /** One row, of a function whose gradient is its slope. */
    static Case row(Object operation, Build build, NDArray... inputs) {
        return new Case(operation, List.of(inputs), build, true);
    }

    /**
     * Every operation there is: the records, and the constants of the enums, that the sealed interface permits, and the records of this
     * package that are {@link Custom}. An input of a plan computes nothing and has no numbers outside of one.
     */
    public static Set<Object> registry() {
        Set<Object> found = new LinkedHashSet<>();
        collect(Op.class, found);
        found.remove(Source.Input.class);
        found.addAll(OWN_CUSTOM);
        return found;
    }

    /** What a node's operation is called in the registry. */
    public static Object operation(Op op) {
        if (op instanceof Custom && !OWN_CUSTOM.contains(op.getClass())) {
            return Custom.class;
        }
        return op instanceof Enum<?> ? op : op.getClass();
    }

    /** The operations of the library that the compiler knows nothing of. */
    private static List<Class<?>> ownCustom() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(Custom.class.getPackageName())
                        .stream()
                        .filter(each -> each.isAssignableTo(Custom.class) && each.isRecord() && each.isTopLevelClass())
                        .<Class<?>>map(JavaClass::reflect)
                        .toList();
    }

    private static void collect(Class<?> type, Set<Object> found) {
        if (type.isEnum()) {
            found.addAll(List.of(type.getEnumConstants()));
        } else if (type.isSealed()) {
            Stream.of(type.getPermittedSubclasses()).forEach(permitted -> collect(permitted, found));
        } else {
            found.add(type);
        }
    }

    private void add(Object operation, Build build, NDArray... inputs) {
        cases.add(row(operation, build, inputs));
    }

    private void sources() {
        for (int[] shape : SHAPES) {
            NDArray x = Samples.ANYWHERE.draw(1, shape);
            NDArray numbers = Samples.ANYWHERE.draw(2, shape);
            add(Source.Variable.class, List::getFirst, x);
            add(
                    Source.Constant.class,
                    in -> Tensor.of(numbers.cast(in.getFirst().dtype())).times(in.getFirst()),
                    x);
        }
    }

    private void custom() {
        for (int[] shape : SHAPES) {
            add(
                    Custom.class,
                    in -> new Cubed().on(in.get(0), in.get(1)),
                    Samples.ANYWHERE.draw(1, shape),
                    Samples.ANYWHERE.draw(2, shape));
        }
    }
}
