package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code that is generated once for all that can share it. */
final class GeneratedClassesTest {
    private final GeneratedClasses<Integer, String> generated = new GeneratedClasses<>();
    private final List<Integer> made = new ArrayList<>();

    private String get(int key) {
        return generated.get(key, of -> {
            made.add(of);
            return "code for " + of;
        });
    }

    @Test
    void equalKeysShareOne() {
        assertThat(generated.find(7)).isEmpty();
        assertThat(get(7)).isEqualTo("code for 7").isSameAs(get(7));
        assertThat(generated.find(7)).contains("code for 7");
        assertThat(made).containsExactly(7);
    }

    /** What is used stays; what is not used is made again. Plans have a share of their own. */
    @Test
    void codeStaysWithinItsShareAndDropsNoPlan() {
        List<String> dropped = new ArrayList<>();
        Retained.Item plan = new Retained.Item() {
            @Override
            protected void drop(boolean makesRoom) {
                dropped.add("plan");
            }
        };
        Retained.PLANS.add(plan, Retained.PLANS.limit() + 1);
        Retained.PLANS.release(plan);
        get(0);
        get(1);
        long room = Retained.CODE.limit() / GeneratedClasses.BYTES;
        for (int key = 2; key < room + 10; key++) {
            get(0);
            get(key);
        }
        assertThat(Retained.CODE.bytes()).isLessThanOrEqualTo(Retained.CODE.limit());
        made.clear();
        get(0);
        get(1);
        assertThat(made).containsExactly(1);
        assertThat(dropped).isEmpty();
        Retained.PLANS.forget(plan);
        assertThat(dropped).containsExactly("plan");
    }
}
