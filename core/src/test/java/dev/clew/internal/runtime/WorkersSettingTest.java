package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many threads there are, and what the setting may say. */
public final class WorkersSettingTest {
    @Test
    void withoutASettingThereIsAThreadForEveryProcessor() {
        assertThat(Workers.count(null)).isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void aSettingIsAnyNumberAboveZero() {
        assertThat(Workers.count("1")).isEqualTo(1);
        assertThat(Workers.count(" 16 ")).isEqualTo(16);
        assertThat(Workers.count("2147483647")).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-3", "many", "", "2.5", "99999999999"})
    void anotherSettingSaysWhatItMustBe(String setting) {
        assertThatThrownBy(() -> Workers.count(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("-Dclew.threads=" + setting + ": it must be a whole number above 0")
                .hasMessageContaining("-Dclew.threads=4. Without it");
    }

    @Test
    void fewerThanOneThreadIsAnError() {
        assertThatThrownBy(() -> Workers.use(0, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("compute with 0 threads: it must be 1, the one that asks, or more");
    }
}
