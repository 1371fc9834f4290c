package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One number of bytes for all that is kept to be used again. */
final class RetainedTest {
    private static final long MEGABYTE = 1 << 20;

    private final List<String> dropped = new ArrayList<>();
    private final Retained retained = new Retained(100);

    private final class Named extends Retained.Item {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        protected void drop(boolean makesRoom) {
            dropped.add(makesRoom ? name : name + " forgotten");
        }
    }

    private Named kept(String name, long bytes) {
        Named item = new Named(name);
        retained.add(item, bytes);
        retained.release(item);
        return item;
    }

    private void use(Named item) {
        assertThat(retained.use(item)).isTrue();
        retained.release(item);
    }

    @Test
    void whatHasNotBeenUsedLongestIsDroppedFirst() {
        Named a = kept("a", 40);
        kept("b", 40);
        use(a);
        kept("c", 50);
        assertThat(dropped).containsExactly("b");
        kept("d", 60);
        assertThat(dropped).containsExactly("b", "a", "c");
        assertThat(retained.bytes()).isEqualTo(60);
    }

    @Test
    void theLastIsKeptWhateverItsSize() {
        kept("a", 40);
        Named large = kept("large", 1000);
        assertThat(dropped).containsExactly("a");
        use(large);
        kept("b", 1);
        assertThat(dropped).containsExactly("a", "large");
    }

    @Test
    void whatIsInUseGoesWhenNobodyUsesItAnyMore() {
        Named a = kept("a", 40);
        assertThat(retained.use(a)).isTrue();
        assertThat(retained.use(a)).isTrue();
        kept("b", 90);
        assertThat(dropped).isEmpty();
        assertThat(retained.bytes()).isEqualTo(90);
        assertThat(retained.use(a)).isFalse();
        retained.release(a);
        assertThat(dropped).isEmpty();
        retained.grow(a, 1000);
        retained.release(a);
        assertThat(dropped).containsExactly("a");
        assertThat(retained.bytes()).isEqualTo(90);
    }

    @Test
    void whatGrowsMakesOthersGo() {
        kept("a", 40);
        Named b = kept("b", 40);
        assertThat(retained.use(b)).isTrue();
        retained.grow(b, 20);
        assertThat(dropped).isEmpty();
        retained.grow(b, 1);
        assertThat(dropped).containsExactly("a");
        assertThat(retained.bytes()).isEqualTo(61);
        retained.grow(b, 1000);
        retained.release(b);
        assertThat(dropped).containsExactly("a");
    }

    @Test
    void whatNobodyCanAskForIsForgottenOnce() {
        Named a = kept("a", 40);
        retained.forget(a);
        retained.forget(a);
        assertThat(dropped).containsExactly("a forgotten");
        assertThat(retained.use(a)).isFalse();
        assertThat(retained.bytes()).isZero();
    }

    @Test
    void whatFindsNoMemoryIsTriedAgainWithoutAllThatIsKept() {
        kept("a", 40);
        List<Integer> tries = new ArrayList<>();
        int result = retained.orWithout(() -> {
            tries.add(dropped.size());
            if (dropped.isEmpty()) {
                throw new OutOfMemoryError("of the test");
            }
            return 7;
        });
        assertThat(result).isEqualTo(7);
        assertThat(tries).containsExactly(0, 1);
    }

    @Test
    void theSettingIsBytesOrKilobytesOrMegabytesOrGigabytes() {
        assertThat(Retained.bytes("123456")).isEqualTo(123_456);
        assertThat(Retained.bytes("64k")).isEqualTo(65_536);
        assertThat(Retained.bytes(" 512M ")).isEqualTo(512 * MEGABYTE);
        assertThat(Retained.bytes("3g")).isEqualTo(3 * 1024 * MEGABYTE);
    }

    @Test
    void halfOfTheLargestHeapIsTheDefault() {
        assertThat(Retained.bytes(null)).isEqualTo(Runtime.getRuntime().maxMemory() / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "much", "0", "-5m", "1.5g", "5t", "9999999999999g", "12 34"})
    void aSettingThatIsNoNumberOfBytesIsRefused(String setting) {
        assertThatThrownBy(() -> Retained.bytes(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dclew.memory=" + setting
                        + ": it must be a number of bytes above 0, or with k, m or g behind it of kilobytes, megabytes or"
                        + " gigabytes: -Dclew.memory=512m. Without it, half of the largest heap is the limit, "
                        + Runtime.getRuntime().maxMemory() / 2 / MEGABYTE + "m here");
    }
}
