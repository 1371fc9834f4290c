package dev.clew.internal.runtime;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Generated classes by what they were generated for, so that equal records share one that is compiled already, and which of them are.
 * What is dropped lives on in the plans that have it.
 */
public final class GeneratedClasses<K, V> {
    /** Half of it metadata, half on the heap; compiled code of one, which is beside both, takes about as much again. */
    static final long BYTES = 16 << 10;

    private final ConcurrentMap<K, Kept> known = new ConcurrentHashMap<>();

    private final class Kept extends Retained.Item {
        private final K key;
        private final V value;

        Kept(K key, V value) {
            this.key = key;
            this.value = value;
        }

        @Override
        protected void drop(boolean makesRoom) {
            known.remove(key, this);
        }
    }

    /** What there is for a key. */
    public Optional<V> find(K key) {
        Kept found = known.get(key);
        if (found == null || !Retained.CODE.use(found)) {
            return Optional.empty();
        }
        Retained.CODE.release(found);
        return Optional.of(found.value);
    }

    /** What there is for a key, made if need be. */
    public V get(K key, Function<K, V> make) {
        V found = find(key).orElse(null);
        return found == null ? made(key, make) : found;
    }

    private synchronized V made(K key, Function<K, V> make) {
        V found = find(key).orElse(null);
        if (found != null) {
            return found;
        }
        Kept kept = new Kept(key, make.apply(key));
        known.put(key, kept);
        Retained.CODE.add(kept, BYTES);
        Retained.CODE.release(kept);
        return kept.value;
    }
}
