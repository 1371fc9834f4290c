package dev.clew.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class ShapeTest {
    @Test
    void countsElements() {
        assertThat(Shape.SCALAR.elements()).isOne();
        assertThat(Shape.of(2, 3, 4).elements()).isEqualTo(24);
        assertThat(Shape.of(2, 0, 4).elements()).isZero();
        assertThat(Shape.of(46340, 46340).elements()).isEqualTo(46340 * 46340);
        assertThat(Shape.of(Integer.MAX_VALUE).elements()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void tooManyElementsAreAnErrorUnlessThereAreNone() {
        for (int[] lengths : new int[][] {{65536, 65536}, {65536, 32768}, {1 << 16, 1 << 16, 1 << 16, 1 << 16}}) {
            assertThatThrownBy(() -> Shape.of(lengths)).hasMessageContaining("has more than 2147483647 elements");
        }
        assertThat(Shape.of(65536, 65536, 0).elements()).isZero();
        assertThat(Shape.of(0, 65536, 65536).elements()).isZero();
    }

    @Test
    void axesMayBeCountedFromTheEnd() {
        Shape shape = Shape.of(2, 3, 4);
        assertThat(shape.length(-1)).isEqualTo(4);
        assertThat(shape.axis(-3)).isZero();
        assertThat(shape.axes(-1, 0)).containsExactly(0, 2);
        assertThat(shape.axes()).containsExactly(0, 1, 2);
        assertThat(shape.without(0, -1)).isEqualTo(Shape.of(3));
        assertThat(shape.without()).isEqualTo(shape);
        assertThat(shape.with(-2, 9)).isEqualTo(Shape.of(2, 9, 4));
        assertThat(shape.insert(-1, 7)).isEqualTo(Shape.of(2, 3, 4, 7));
        assertThat(shape.insert(0, 7)).isEqualTo(Shape.of(7, 2, 3, 4));
        assertThat(Shape.SCALAR.insert(0, 7)).isEqualTo(Shape.of(7));
    }

    @Test
    void shapesOfEqualLengthsAreEqual() {
        assertThat(Shape.of(2, 3)).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
        assertThat(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2)).isNotEqualTo(Shape.of(2, 3, 1));
        int[] lengths = {2, 3};
        Shape shape = Shape.of(lengths);
        lengths[0] = 9;
        assertThat(shape.toString()).isEqualTo("(2, 3)");
    }

    @Property(tries = 1000)
    void broadcastingFollowsNumPy(@ForAll Random random) {
        int[] a = random.ints(random.nextInt(4), 0, 4).toArray();
        int[] b = random.ints(random.nextInt(4), 0, 4).toArray();
        int rank = Math.max(a.length, b.length);
        int[] expected = new int[rank];
        boolean fits = true;
        for (int axis = 0; axis < rank; axis++) {
            int x = axis < rank - a.length ? 1 : a[axis - rank + a.length];
            int y = axis < rank - b.length ? 1 : b[axis - rank + b.length];
            fits &= x == y || x == 1 || y == 1;
            expected[axis] = x == 1 ? y : x;
        }
        Shape left = Shape.of(a);
        Shape right = Shape.of(b);
        assertThat(Shape.areBroadcastable(left, right)).isEqualTo(fits);
        if (fits) {
            assertThat(Shape.broadcast(left, right).lengths()).containsExactly(expected);
        } else {
            assertThatThrownBy(() -> Shape.broadcast(left, right))
                    .hasMessage("shapes " + left + " and " + right
                            + " do not broadcast: aligned at the last axis, lengths must be equal or one of them 1");
        }
    }
}
