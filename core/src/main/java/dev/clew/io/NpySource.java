package dev.clew.io;

import java.io.IOException;

/** The bytes of an npy file, which may be an entry of another. */
interface NpySource extends ElementDecoder.Source {
    /** How many there are, as whoever holds them says. */
    long length();

    /** Refuses bytes that are not all there, as far as that can be known before they are asked for, so that nothing is allocated for them. */
    void requireWhole() throws IOException;

    /** Refuses, after the last byte, bytes that were changed on the way. */
    void requireUnchanged() throws IOException;
}
