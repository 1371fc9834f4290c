package dev.clew.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.tensor.Op;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Cubed;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fuzzer draws everything there is. */
final class CoverageTest {
    private static final int PROGRAMS = 1500;

    /** What makes no graph, or asks for numbers. */
    private static final Set<String> NO_OPERATIONS =
            Set.of("of", "zeros", "ones", "input", "inputs", "constant", "literal", "values", "drawn");

    /** The operations that the sealed interface permits: records, and the constants of enums. */
    private static Stream<Object> registry(Class<?> type) {
        return type.isEnum()
                ? Stream.of(type.getEnumConstants())
                : type.isSealed()
                        ? Stream.of(type.getPermittedSubclasses()).flatMap(CoverageTest::registry)
                        : Stream.of(type);
    }

    private static Object operation(Op op) {
        return op instanceof Enum<?> row ? row : op instanceof Cubed ? dev.clew.tensor.Custom.class : op.getClass();
    }

    @Test
    void everyOperationOfTheRegistryIsDrawn() {
        Set<Object> left = registry(Op.class).collect(Collectors.toCollection(LinkedHashSet::new));
        left.remove(SteppedRecurrence.class); // Only the compiler makes it, of the loops that are drawn.
        for (long seed = 1; seed <= PROGRAMS && !left.isEmpty(); seed++) {
            List<Tensor> outputs = Graph.of(Sketches.draw(seed), true).outputs();
            dev.clew.tensor.Graph.of(outputs).nodes().forEach(node -> left.remove(operation(node.op())));
        }
        assertThat(left).as("never drawn").isEmpty();
    }

    @Test
    void everyMethodThatMakesATensorIsCalled() {
        Set<String> methods = new TreeSet<>();
        for (Class<?> chapter : Tensor.class.getInterfaces()) {
            add(methods, chapter);
        }
        add(methods, Tensor.class);
        methods.removeAll(NO_OPERATIONS);
        Rules.ALL.forEach(rule -> methods.remove(rule.method()));
        assertThat(methods).as("methods without a rule").isEmpty();
    }

    private static void add(Set<String> methods, Class<?> from) {
        for (Method method : from.getDeclaredMethods()) {
            boolean makesTensor = method.getReturnType() == Tensor.class
                    || method.getReturnType() == List.class
                    || method.getReturnType() == dev.clew.tensor.Ranked.class;
            if (java.lang.reflect.Modifier.isPublic(method.getModifiers()) && makesTensor && !method.isSynthetic()) {
                methods.add(method.getName());
            }
        }
    }
}
