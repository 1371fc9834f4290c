package dev.clew.internal.runtime;

import dev.clew.internal.flight.Flight;
import it.unimi.dsi.fastutil.objects.ReferenceLinkedOpenHashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is kept only to be used again, in the order of its last use and within a number of bytes, on the heap and beside it together.
 * What comes last is always kept, whatever its size; for it, what has not been used longest is dropped.
 *
 * <p>{@code -Dclew.memory=512m} says how many bytes all of it may take; half of the largest heap ({@code -Xmx}) is the default. What
 * a program holds itself, arrays and plans, does not count.
 */
public final class Retained {
    private static final int KILO = 1024;
    private static final int PARTS = 8;
    /** The JVM has room for compiled code of its own, and a few thousand classes fill a good part of it. */
    private static final long MOST_CODE = 64L << 20;

    /** Plans and compiled steps of training, of this JVM. */
    public static final Retained PLANS = new Retained("plans", () -> setting() / PARTS * (PARTS - 1));

    /** Generated classes, of this JVM: apart from plans, since a plan that is larger than all the rest needs its classes too. */
    static final Retained CODE = new Retained("code", () -> Math.min(setting() / PARTS, MOST_CODE));

    private final String what;
    private final LongSupplier share;
    /** The least recently used first. */
    private final ReferenceLinkedOpenHashSet<Item> items = new ReferenceLinkedOpenHashSet<>();

    private long limit = -1;
    private long bytes;

    /** At most so many bytes. */
    public Retained(long limit) {
        this("others", () -> limit);
    }

    private Retained(String what, LongSupplier share) {
        this.what = what;
        this.share = share;
    }

    /** Something that is kept. What is dropped while somebody uses it goes when nobody does any more. */
    public abstract static class Item {
        private long bytes;
        private int users;
        private boolean isDropped;

        /**
         * Forgets it and gives its memory back: once, while nobody uses it, and in whatever thread.
         *
         * @param makesRoom whether it has been dropped for something else
         */
        protected abstract void drop(boolean makesRoom);
    }

    /**
     * Keeps something from now on, in use by the caller until {@link #release}.
     *
     * @param size how many bytes it takes, about
     */
    public void add(Item item, long size) {
        List<Item> dropped = added(item, size);
        Flight.kept(what, size, bytes(), limit());
        drop(dropped, true);
    }

    private synchronized List<Item> added(Item item, long size) {
        item.bytes = size;
        item.users = 1;
        bytes += size;
        items.add(item);
        return excess(item, 0);
    }

    /** Takes something into use until {@link #release}; false if it has been dropped. */
    public synchronized boolean use(Item item) {
        if (item.isDropped) {
            return false;
        }
        items.addAndMoveToLast(item);
        item.users++;
        return true;
    }

    /** Ends what {@link #use} or {@link #add} began. */
    public void release(Item item) {
        boolean isLast;
        synchronized (this) {
            item.users--;
            isLast = item.users == 0 && item.isDropped;
        }
        if (isLast) {
            drop(List.of(item), true);
        }
    }

    /** Something that is in use takes more bytes from now on; called before it does. */
    public void grow(Item item, long more) {
        List<Item> dropped = grown(item, more);
        Flight.kept(what, more, bytes(), limit());
        drop(dropped, true);
    }

    private synchronized List<Item> grown(Item item, long more) {
        if (item.isDropped) {
            return List.of();
        }
        item.bytes += more;
        bytes += more;
        return excess(item, 0);
    }

    /** Makes room for something that is to come. */
    public void makeRoom(long coming) {
        drop(excess(null, coming), true);
    }

    /** Drops something, not to make room but since nobody can ask for it any more. */
    public void forget(Item item) {
        List<Item> dropped = new ArrayList<>();
        synchronized (this) {
            if (!item.isDropped) {
                remove(item, dropped);
            }
        }
        drop(dropped, false);
    }

    /** The same again without all that is kept, if there was no memory for it. */
    public <T> T orWithout(Supplier<T> action) {
        try {
            return action.get();
        } catch (OutOfMemoryError error) {
            makeRoom(Long.MAX_VALUE / 2);
            return action.get();
        }
    }

    /** How many bytes all of it takes, about. */
    public synchronized long bytes() {
        return bytes;
    }

    /**
     * How many bytes it may take; asked for once.
     *
     * @throws IllegalArgumentException if {@code -Dclew.memory} is no number of bytes
     */
    public synchronized long limit() {
        if (limit < 0) {
            limit = share.getAsLong();
        }
        return limit;
    }

    /** Removes what has not been used longest, but not one, until the rest and what is coming fit. */
    private synchronized List<Item> excess(@Nullable Item but, long coming) {
        List<Item> dropped = new ArrayList<>();
        while (bytes + coming > limit() && !items.isEmpty() && !items.first().equals(but)) {
            remove(items.first(), dropped);
        }
        return dropped;
    }

    private void remove(Item item, List<Item> dropped) {
        items.remove(item);
        bytes -= item.bytes;
        item.isDropped = true;
        if (item.users == 0) {
            dropped.add(item);
        }
    }

    /** Not under the lock: whoever is dropped may need others. If one fails, the others are dropped all the same. */
    private void drop(List<Item> dropped, boolean makesRoom) {
        OutOfMemoryError failure = null;
        for (Item item : dropped) {
            try {
                Flight.dropped(what, item.bytes, makesRoom, bytes(), limit());
                item.drop(makesRoom);
            } catch (OutOfMemoryError error) {
                failure = error;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** How many bytes all that is kept in this JVM may take. */
    public static long setting() {
        return bytes(System.getProperty("clew.memory"));
    }

    /** What a setting says: a number of bytes, or of kilobytes, megabytes or gigabytes with {@code k}, {@code m} or {@code g}. */
    static long bytes(@Nullable String setting) {
        if (setting == null) {
            return Runtime.getRuntime().maxMemory() / 2;
        }
        String text = setting.strip().toLowerCase(Locale.ROOT);
        int power = text.isEmpty() ? 0 : "kmg".indexOf(text.charAt(text.length() - 1)) + 1;
        try {
            long number = Long.parseLong(power == 0 ? text : text.substring(0, text.length() - 1));
            long factor = 1;
            for (int i = 0; i < power; i++) {
                factor *= KILO;
            }
            if (number > 0) {
                return Math.multiplyExact(number, factor);
            }
        } catch (ArithmeticException | NumberFormatException none) {
            // Said below, as of a number that is not above 0.
        }
        throw new IllegalArgumentException(
                "-Dclew.memory=" + setting + ": it must be a number of bytes above 0, or with k, m or g"
                        + " behind it of kilobytes, megabytes or gigabytes: -Dclew.memory=512m. Without it, half of the largest heap is"
                        + " the limit, " + Runtime.getRuntime().maxMemory() / 2 / KILO / KILO + "m here");
    }
}
