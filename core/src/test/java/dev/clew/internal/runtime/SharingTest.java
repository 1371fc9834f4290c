package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.internal.runtime.Crews.Counting;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Who has a sharing, round after round. */
public final class SharingTest {
    private final Sharing sharing = new Sharing();

    @Test
    void itIsTheNextCallersWhenItsRoundIsClosed() {
        for (int round = 0; round < 3; round++) {
            assertThat(sharing.take()).isTrue();
            assertThat(sharing.take()).isFalse();
            Counting counting = new Counting();
            sharing.open(counting, MemorySegment.NULL, 3);
            sharing.complete(0);
            counting.assertOnce(3);
            sharing.leave();
        }
    }

    @Test
    void aRoundThatCouldNotBeClosedIsFollowedByNone() {
        assertThat(sharing.take()).isTrue();
        sharing.open(new Counting(), MemorySegment.NULL, 3);
        sharing.leave();
        assertThat(sharing.take()).isFalse();
    }

    @Test
    void nobodyHelpsAtARoundThatIsClosed() {
        Counting counting = new Counting();
        sharing.open(counting, MemorySegment.NULL, 3);
        assertThat(sharing.help(0)).isTrue();
        sharing.complete(0);
        counting.assertOnce(3);
        assertThat(sharing.help(0)).isFalse();
    }
}
