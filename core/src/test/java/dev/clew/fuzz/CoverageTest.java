package dev.clew.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.tensor.OperationCases;
import dev.clew.tensor.Tensor;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The fuzzer draws everything there is. */
final class CoverageTest {
    private static final int PROGRAMS = 1500;

    /** What makes no graph, or asks for numbers. */
    private static final Set<String> NO_OPERATIONS =
            Set.of("of", "zeros", "ones", "input", "inputs", "constant", "literal", "values", "drawn");

    @Test
    void everyOperationOfTheRegistryIsDrawn() {
        Set<Object> left = new LinkedHashSet<>(OperationCases.registry());
        left.remove(SteppedRecurrence.class); // Only the compiler makes it, of the loops that are drawn.
        for (long seed = 1; seed <= PROGRAMS && !left.isEmpty(); seed++) {
            List<Tensor> outputs = Graph.of(Sketches.draw(seed), true).outputs();
            dev.clew.tensor.Graph.of(outputs).nodes().forEach(node -> left.remove(OperationCases.operation(node.op())));
        }
        assertThat(left)
                .as(
                        "operations that are never drawn: no rule in FunctionRules, ElementwiseRules, MovementRules or the like makes one")
                .isEmpty();
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
        assertThat(methods)
                .as(
                        "methods without a rule: each needs one in FunctionRules, ElementwiseRules, MovementRules or the like")
                .isEmpty();
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
