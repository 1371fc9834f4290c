package dev.clew.internal.tensor;

import dev.clew.tensor.Tensor;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of nodes, and a position for each, by their numbers. A graph's numbers mostly follow one another, so they are kept in
 * pages of 64 and only the pages are hashed: collecting a graph touches memory in order, and sorting it means sorting pages.
 */
public final class NodeTable {
    private static final int BITS = 6;
    private static final int SIZE = 1 << BITS;

    private final Long2ObjectOpenHashMap<Page> pages = new Long2ObjectOpenHashMap<>();
    private Page recent = new Page(-1);
    private int count;

    private static final class Page {
        private final long number;
        private final @Nullable Tensor[] nodes = new @Nullable Tensor[SIZE];
        private final int[] positions = new int[SIZE];

        Page(long number) {
            this.number = number;
        }
    }

    /** Adds a node; false if it was there. */
    public boolean add(Tensor node) {
        Page page = page(node.number() >>> BITS);
        int slot = (int) node.number() & (SIZE - 1);
        if (page.nodes[slot] != null) {
            return false;
        }
        page.nodes[slot] = node;
        count++;
        return true;
    }

    private Page page(long number) {
        if (recent.number != number) {
            recent = pages.computeIfAbsent(number, Page::new);
        }
        return recent;
    }

    /** All nodes in ascending order, whose positions are remembered. */
    public Tensor[] sorted() {
        long[] numbers = pages.keySet().toLongArray();
        Arrays.sort(numbers);
        Tensor[] all = new Tensor[count];
        int next = 0;
        for (long number : numbers) {
            Page page = page(number);
            for (int slot = 0; slot < SIZE; slot++) {
                Tensor node = page.nodes[slot];
                if (node != null) {
                    page.positions[slot] = next;
                    all[next++] = node;
                }
            }
        }
        return all;
    }

    /** The position of a node among the sorted ones, or -1. */
    public int position(Tensor node) {
        long number = node.number() >>> BITS;
        Page page = recent.number == number ? recent : pages.get(number);
        if (page == null) {
            return -1;
        }
        recent = page;
        int slot = (int) node.number() & (SIZE - 1);
        return page.nodes[slot] == null ? -1 : page.positions[slot];
    }
}
