package dev.clew.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a user reads after a mistake, compared whole. */
public final class Says {
    private Says() {}

    public static void says(String message, ThrowingCallable mistake) {
        assertThat(catchThrowable(mistake))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
