package dev.clew.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clew.array.RandomKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** States are kept up to a number and a size. */
class ShelfTest {
    private static final Served MODEL = SharpModels.served("a", 1);

    private static Conversation conversation(long seed) {
        return Conversation.begin(MODEL, RandomKey.of(seed));
    }

    private static String put(Shelf shelf, long seed) {
        return shelf.put(Optional.empty(), conversation(seed));
    }

    private static int status(Shelf shelf, String name) {
        return catchThrowableOfType(WrongRequest.class, () -> shelf.get(name)).status();
    }

    @Test
    void itGivesBackWhatWasPutAndNamesNothingTwice() {
        Shelf shelf = new Shelf(3, 1 << 20);
        String first = put(shelf, 1);
        String second = put(shelf, 1);
        assertThat(first).isNotEqualTo(second);
        assertThat(shelf.get(first).key()).isEqualTo(RandomKey.of(1));
        assertThat(shelf.get(first)).isSameAs(shelf.get(first));
    }

    @Test
    void theOneNotUsedForTheLongestMakesRoom() {
        Shelf shelf = new Shelf(3, 1 << 20);
        String first = put(shelf, 1);
        String second = put(shelf, 2);
        put(shelf, 3);
        shelf.get(first);
        put(shelf, 4);
        assertThat(shelf.size()).isEqualTo(3);
        assertThat(shelf.get(first).key()).isEqualTo(RandomKey.of(1));
        assertThatThrownBy(() -> shelf.get(second))
                .hasMessage("to go on from '" + second
                        + "': it was dropped: the server keeps the 3 states last used, in 1048576"
                        + " bytes; begin anew, or start the server with larger --states and --bytes");
        assertThat(status(shelf, second)).isEqualTo(410);
    }

    @Test
    void whatSomebodyHasGoneOnFromMakesRoomBeforeWhereAConversationStands() {
        Shelf shelf = new Shelf(3, 1 << 20);
        String standing = put(shelf, 1);
        String left = put(shelf, 2);
        String next = shelf.put(Optional.of(left), conversation(3));
        assertThat(shelf.get(left).key()).isEqualTo(RandomKey.of(2)); // Used last, and yet the first to go.
        put(shelf, 4);
        assertThat(status(shelf, left)).isEqualTo(410);
        assertThat(shelf.get(standing).key()).isEqualTo(RandomKey.of(1));
        assertThat(shelf.get(next).key()).isEqualTo(RandomKey.of(3));
    }

    @Test
    void bytesAreABoundTooButTheLastStays() {
        long one = conversation(1).bytes();
        Shelf shelf = new Shelf(100, 2 * one);
        for (int seed = 0; seed < 10; seed++) {
            put(shelf, seed);
            assertThat(shelf.bytes()).isEqualTo(shelf.size() * one).isLessThanOrEqualTo(2 * one);
        }
        assertThat(shelf.size()).isEqualTo(2);
        Shelf tiny = new Shelf(100, 1);
        String last = put(tiny, 1);
        assertThat(tiny.get(last).key()).isEqualTo(RandomKey.of(1));
        assertThat(one).isGreaterThan(2 * 8 * 4);
    }

    @Test
    void whatWasNeverGivenIsUnknownAndAGuessIsToo() {
        Shelf shelf = new Shelf(3, 1 << 20);
        String name = put(shelf, 1);
        assertThat(status(shelf, name.replaceAll("-.*", "-" + "0".repeat(32)))).isEqualTo(404);
        assertThat(status(shelf, "7-" + "0".repeat(32))).isEqualTo(404);
        assertThat(status(shelf, "")).isEqualTo(404);
        assertThat(status(shelf, "x".repeat(100_000))).isEqualTo(404);
        assertThat(status(shelf, "9".repeat(30) + "-" + "0".repeat(32))).isEqualTo(404);
    }

    @Test
    void itHasRoomForOne() {
        assertThatThrownBy(() -> new Shelf(0, 9))
                .hasMessage("serve with room for 0 states in 9 bytes: there is room for one, at least");
    }
}
