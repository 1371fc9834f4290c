package dev.clew.internal.runtime;

import dev.clew.internal.runtime.kernel.KernelAllocation;
import dev.clew.internal.runtime.product.ProductAllocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Once it is compiled, what runs allocates nothing. Each in a JVM of its own: where vectors of several lengths have run, as they have
 * in the JVM of the other tests, C2 may box some for ever.
 */
final class AllocationTest {
    @ParameterizedTest
    @ValueSource(classes = {KernelAllocation.class, ProductAllocation.class, WorkersAllocation.class})
    void aRunAllocatesNothing(Class<?> program) throws Exception {
        OtherJava.run(program, "--add-modules=jdk.incubator.vector");
    }
}
