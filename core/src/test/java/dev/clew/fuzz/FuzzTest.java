package dev.clew.fuzz;

import static org.assertj.core.api.Assertions.fail;

import dev.clew.testing.Tries;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random programs over everything that tensors can do, each computed in every way there is, and by an oracle in plain loops. */
final class FuzzTest {
    /** In the long run, with its factor of 20, a hundred thousand. */
    private static final int PROGRAMS = Tries.FACTOR == 1 ? 240 : Tries.times(5000);

    private static final long FIRST = Long.getLong("clew.seed", 1);

    @Test
    void everyWayToANumberLeadsToTheSame() {
        for (long seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
            Optional<String> fault = fault(seed, Checks.some(seed));
            if (fault.isPresent()) {
                fail(fault.get());
            }
        }
    }

    /** What is wrong with the program of a seed, and the smallest program that has the same fault. */
    private static Optional<String> fault(long seed, Set<Checks> checks) {
        Sketch sketch = Sketches.draw(seed);
        return Checks.first(sketch, checks).map(found -> {
            Sketch least = Smaller.of(
                    sketch, each -> found.check().of(each).filter(found::isLike).isPresent());
            String what = found.check().of(least).map(Checks.Fault::what).orElse(found.what());
            return "seed " + seed + ", " + found.check() + ": " + what + "\n" + least;
        });
    }

    /** Prints what a range of seeds finds: the first, how many, and perhaps the only check. */
    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[0]);
        long end = first + Long.parseLong(arguments[1]);
        long start = System.nanoTime();
        for (long seed = first; seed < end; seed++) {
            fault(seed, arguments.length > 2 ? EnumSet.of(Checks.valueOf(arguments[2])) : Checks.some(seed))
                    .ifPresent(System.out::println);
        }
        System.out.println((end - first) + " programs in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
}
