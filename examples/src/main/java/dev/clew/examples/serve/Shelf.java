package dev.clew.examples.serve;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conversations by name, up to a number and a size. Room is made by those that somebody has gone on from, the one that was not used for the
 * longest first: they are kept for who asks again. Only then go those that nobody has gone on from, where conversations stand. A name is
 * what nobody can guess, after the number of the conversation, by which one that was dropped can be told from one that never was.
 */
final class Shelf {
    private static final int SECRET_BYTES = 16;

    private final int most;
    private final long mostBytes;
    private final SecureRandom random = new SecureRandom();

    /** Both with the one that was not used for the longest first. */
    private final Map<Long, Entry> left = new LinkedHashMap<>(16, 0.75F, true);

    private final Map<Long, Entry> standing = new LinkedHashMap<>(16, 0.75F, true);
    private long given;
    private long bytes;

    private record Entry(String name, Conversation conversation) {}

    Shelf(int most, long mostBytes) {
        if (most < 1 || mostBytes < 1) {
            throw new IllegalArgumentException("serve with room for " + most + " states in " + mostBytes
                    + " bytes: there is room for one, at least");
        }
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /**
     * Keeps a conversation, and gives its name. The last one is always kept, however large.
     *
     * @param from what it has gone on from
     */
    String put(Optional<String> from, Conversation conversation) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        synchronized (this) {
            long number = given++;
            String name = number + "-" + HexFormat.of().formatHex(secret);
            standing.put(number, new Entry(name, conversation));
            bytes += conversation.bytes();
            from.ifPresent(this::leave);
            while (size() > 1 && (size() > most || bytes > mostBytes)) {
                Iterator<Entry> oldest =
                        (left.isEmpty() ? standing : left).values().iterator();
                bytes -= oldest.next().conversation().bytes();
                oldest.remove();
            }
            return name;
        }
    }

    private void leave(String name) {
        long number = number(name);
        @Nullable Entry entry = standing.remove(number);
        if (entry != null) {
            left.put(number, entry);
        }
    }

    private static long number(String name) {
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }

    synchronized Conversation get(String name) {
        String asked = "to go on from '" + (name.length() <= 64 ? name : name.substring(0, 64) + "...") + "'";
        if (!name.matches("[0-9]{1,18}-[0-9a-f]{32}")) {
            throw unknown(asked);
        }
        long number = number(name);
        @Nullable Entry found = standing.containsKey(number) ? standing.get(number) : left.get(number);
        if (found == null && number < given) {
            throw new WrongRequest(
                    WrongRequest.GONE,
                    asked,
                    "it was dropped: the server keeps the " + most + " states last used, in " + mostBytes + " bytes",
                    "begin anew, or start the server with larger --states and --bytes");
        }
        if (found == null || !found.name().equals(name)) {
            throw unknown(asked);
        }
        return found.conversation();
    }

    private static WrongRequest unknown(String asked) {
        return new WrongRequest(
                WrongRequest.UNKNOWN,
                asked,
                "this server has never given that state",
                "send \"from\" exactly as an answer had it in \"state\", or leave it out to begin anew");
    }

    synchronized int size() {
        return standing.size() + left.size();
    }

    synchronized long bytes() {
        return bytes;
    }
}
