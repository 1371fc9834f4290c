package dev.clew.testing;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** A run that is asked to be larger is larger. */
final class TriesTest {
    private static int named;
    private static int unnamed;
    private static int single;

    @Property(tries = 7)
    void sevenTries(@ForAll long drawn) {
        named++;
    }

    @Property
    void asManyTriesAsIsUsual(@ForAll long drawn) {
        unnamed++;
    }

    @Example
    void anExampleIsTriedOnce() {
        single++;
    }

    @AfterContainer
    static void triesWereAsManyAsAskedFor() {
        assertThat(named).isEqualTo(7 * Tries.FACTOR);
        assertThat(unnamed).isEqualTo(1000 * Tries.FACTOR);
        assertThat(single).isEqualTo(1);
    }
}
