package dev.clew.internal.protobuf;

import java.io.IOException;

/** Bytes that are no message, or not the one that is expected. */
public final class MalformedMessageException extends IOException {
    private static final long serialVersionUID = 1;

    /** With what is wrong, and the rule. */
    public MalformedMessageException(String message) {
        super(message);
    }
}
