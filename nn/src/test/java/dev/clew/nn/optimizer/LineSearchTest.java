package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSearchTest {
    /** A point may be lower than the best and yet too high for the way to it; it is the best then. */
    @Test
    void aPointThatIsALittleLowerIsKept() {
        List<Double> tried = new ArrayList<>();
        LineSearch search = new LineSearch(
                t -> {
                    tried.add(t);
                    return switch (tried.size()) {
                        case 1 -> new LineSearch.Trial(t, 10, new double[0], 30);
                        case 2 -> new LineSearch.Trial(t, -1e-6, new double[0], 2);
                        default -> new LineSearch.Trial(t, 5, new double[0], 3);
                    };
                },
                new LineSearch.Trial(0, 0, new double[0], -1),
                1);
        LineSearch.Trial found = search.found(1);
        assertThat(found.loss).isEqualTo(-1e-6);
        assertThat(found.t).isEqualTo(tried.get(1)).isBetween(0.0, 1.0);
        assertThat(tried).hasSizeGreaterThan(2);
    }

    @Test
    void itGoesFurtherWhileItGoesDown() {
        List<Double> tried = new ArrayList<>();
        LineSearch search = new LineSearch(
                t -> {
                    tried.add(t);
                    return new LineSearch.Trial(t, (t - 100) * (t - 100), new double[0], 2 * (t - 100));
                },
                new LineSearch.Trial(0, 10_000, new double[0], -200),
                1);
        assertThat(search.found(1).t).isEqualTo(10);
        // At most ten times as far, and 10 is flat enough: |−180| ≤ 0.9·200.
        assertThat(tried).containsExactly(1.0, 10.0);
    }
}
