package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/** Tests that depend on the machine's vectors run with every width that it can emulate; and what cannot be run is said. */
final class MachineTest {
    /** The width that this run of the tests is about. */
    private static final int BITS = Integer.getInteger("clew.vectorBits", 512);

    @Test
    void theVectorsAreThoseThatThisRunIsAbout() {
        assumeTrue(
                Machine.VECTOR_BITS >= BITS,
                () -> "not run with vectors of " + BITS + " bits: this machine has at most " + Machine.VECTOR_BITS);
        assertThat(Machine.VECTOR_BITS).isEqualTo(BITS);
    }
}
