package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a parameter holds; the version counts the changes. Numbers that lie elsewhere are fetched when somebody asks. */
public final class ParameterState {
    private volatile Supplier<NDArray> source;
    private volatile long version;
    private volatile @Nullable NDArray fetched;

    public ParameterState(Supplier<NDArray> source, long version) {
        this.source = source;
        this.version = version;
    }

    public long version() {
        return version;
    }

    public NDArray numbers() {
        NDArray known = fetched;
        return known == null ? fetch() : known;
    }

    private synchronized NDArray fetch() {
        NDArray known = fetched;
        if (known == null) {
            known = source.get();
            fetched = known;
        }
        return known;
    }

    void change(long next) {
        fetched = null;
        version = next;
    }

    /** Forgets what was fetched, when nobody asks it any more but another residence may hold it. */
    void forget() {
        fetched = null;
    }

    /** Has its numbers from now on. Who is fetching them is waited for, and nobody fetches them again. */
    synchronized void keep() {
        NDArray known = fetch();
        source = () -> known;
    }
}
