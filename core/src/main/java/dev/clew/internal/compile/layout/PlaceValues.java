package dev.clew.internal.compile.layout;

import com.google.common.collect.ImmutableListMultimap;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where values live, so that joining costs nothing: the parts of a concat are computed in adjacent homes.
 *
 * <p>A concat along its first axis asks for its parts to follow one another. Several concats may ask the same tensors, a
 * window of states here and the same window a step later there: as long as every part has one successor and one predecessor,
 * the parts form chains, and every chain becomes one block of memory of which each concat is a window. A part that nobody
 * computes in place, a repeated number or a slice of something else, leaves room for itself in the chain. A concat along another
 * axis makes its parts windows of itself.
 *
 * <p>A part that lives elsewhere already is written twice, by the loop that computes it or by whoever gives it. Whatever cannot
 * be met even so is copied, and counted.
 */
public final class PlaceValues {
    private final Program program;
    private final int[] uses;
    /** Of the concats that have room for parts in chains, the first number of such a room: they are numbered after the nodes. */
    private final int[] firstRoom;
    /** What lies in every room. */
    private final IntArrayList inRoom = new IntArrayList();

    private final @Nullable MemoryView[] homes;
    private final ImmutableListMultimap.Builder<Integer, MemoryView> also = ImmutableListMultimap.builder();
    private final boolean[] isLinked;
    private final int[] next;
    private final int[] previous;
    private final int[] head;
    private final int[] tail;

    private PlaceValues(Program program) {
        this.program = program;
        this.uses = program.uses();
        this.firstRoom = rooms();
        int size = program.size() + inRoom.size();
        this.homes = new @Nullable MemoryView[size];
        this.isLinked = new boolean[size];
        this.next = filled(size);
        this.previous = filled(size);
        this.head = new int[size];
        this.tail = new int[size];
        Arrays.setAll(head, i -> i);
        Arrays.setAll(tail, i -> i);
    }

    private static int[] filled(int size) {
        int[] array = new int[size];
        Arrays.fill(array, -1);
        return array;
    }

    /** One for every part of a concat, if there is a part that cannot be computed in place: it shall not keep the others apart. */
    private int[] rooms() {
        int[] first = filled(program.size());
        for (int i = 0; i < first.length; i++) {
            int concat = i;
            int[] parts = program.node(i).inputs().toArray();
            if (isChunks(i) && Arrays.stream(parts).anyMatch(part -> holder(concat, part) < 0)) {
                first[i] = program.size() + inRoom.size();
                inRoom.addElements(inRoom.size(), parts);
            }
        }
        return first;
    }

    public static Placement of(Program program) {
        PlaceValues place = new PlaceValues(program);
        for (int i = program.size() - 1; i >= 0; i--) {
            if (place.isChunks(i) && !place.isLinked[i]) {
                place.link(i);
            }
        }
        place.layChains();
        for (int i = program.size() - 1; i >= 0; i--) {
            place.settle(i);
        }
        return new Placement(Arrays.copyOf(place.homes, program.size()), place.also.build());
    }

    /** Whether a node is a concat whose parts, row-major, simply follow one another. */
    private boolean isChunks(int i) {
        Node node = program.node(i);
        if (!(node.op() instanceof Movement.Concat concat)) {
            return false;
        }
        for (int axis = 0; axis < concat.axis(); axis++) {
            if (node.shape().length(axis) != 1) {
                return false;
            }
        }
        return true;
    }

    /**
     * The node whose elements, in the same order, a part of a concat shows; -1 if it shows them otherwise, or is a literal, or is of
     * another phase: then it shall not keep the memory of all parts from there to here.
     */
    private int holder(int concat, int part) {
        int holder = part;
        while (program.node(holder).op() instanceof Movement.Reshape) {
            holder = program.node(holder).input(0);
        }
        Node node = program.node(holder);
        boolean isElsewhere = node.isView()
                || node.isLiteral()
                || node.phase() != program.node(concat).phase();
        return isElsewhere ? -1 : holder;
    }

    /** The node, or the number of the room, where a part of a concat lies. */
    private int place(int concat, int part) {
        int holder = holder(concat, program.node(concat).input(part));
        return holder < 0 ? firstRoom[concat] + part : holder;
    }

    /** The node that lies at a place. */
    private Node at(int place) {
        return program.node(place < program.size() ? place : inRoom.getInt(place - program.size()));
    }

    /** Makes the parts of a concat neighbors, all or none. */
    private void link(int concat) {
        int[] places = new int[program.node(concat).inputCount()];
        for (int i = 0; i < places.length; i++) {
            places[i] = place(concat, i);
            if (at(places[i]).shape().elements() == 0) {
                return;
            }
        }
        if (!follow(places)) {
            return;
        }
        for (int place : places) {
            isLinked[place] = true;
        }
    }

    private boolean follow(int[] parts) {
        int[] made = new int[parts.length];
        int count = 0;
        for (int i = 0; i + 1 < parts.length; i++) {
            int a = parts[i];
            int b = parts[i + 1];
            if (next[a] == b) {
                continue;
            }
            if (next[a] >= 0 || previous[b] >= 0 || head[a] == b) {
                unlink(made, count);
                return false;
            }
            made[count++] = a;
            join(a, b);
        }
        return true;
    }

    /** The head of a chain is known at its tail, and the tail at its head. */
    private void join(int a, int b) {
        next[a] = b;
        previous[b] = a;
        int first = head[a];
        int last = tail[b];
        head[last] = first;
        tail[first] = last;
    }

    /** Takes back links, the latest first. */
    private void unlink(int[] made, int count) {
        for (int i = count - 1; i >= 0; i--) {
            int a = made[i];
            int b = next[a];
            // Neither a's head nor b's tail was told of the link, so they still know the ends of their own chains.
            head[tail[b]] = b;
            tail[head[a]] = a;
            next[a] = -1;
            previous[b] = -1;
        }
    }

    /** One block for every chain. */
    private void layChains() {
        for (int i = 0; i < next.length; i++) {
            if (isLinked[i] && previous[i] < 0) {
                int elements = 0;
                for (int part = i; part >= 0; part = next[part]) {
                    elements += at(part).shape().elements();
                }
                MemoryBlock block =
                        new MemoryBlock((long) elements * at(i).type().bytes());
                int offset = 0;
                for (int part = i; part >= 0; part = next[part]) {
                    Node node = at(part);
                    homes[part] =
                            new MemoryView(block, offset, node.shape(), MemoryView.rowMajor(node.shape()), node.type());
                    offset += node.shape().elements();
                }
            }
        }
    }

    private void settle(int i) {
        Node node = program.node(i);
        if (node.isView() || node.isLiteral()) {
            return;
        }
        MemoryView home = homes[i];
        if (home == null) {
            home = window(i).orElseGet(() -> MemoryView.contiguous(node.shape(), node.type()));
            homes[i] = home;
        }
        if (node.op() instanceof Movement.Concat concat) {
            for (int part = 0; part < node.inputCount(); part++) {
                host(i, home, concat, node, part);
            }
        } else if (node.isContinued()) {
            takeOver(node.input(2), home);
        }
    }

    /** A sum that another goes on from is made where that one will be, if nobody else wants it. */
    private void takeOver(int begun, MemoryView home) {
        if (program.node(begun).isComputed() && homes[begun] == null && uses[begun] == 1) {
            homes[begun] = home;
        }
    }

    private void host(int of, MemoryView home, Movement.Concat concat, Node node, int part) {
        Node shown = program.node(node.input(part));
        MemoryView window = home.window(concat.axis(), concat.starts().get(part), shown.shape());
        if (shown.shape().elements() > 0) {
            host(of, node.input(part), window);
        }
    }

    /** The home of a concat whose parts are neighbors already: all of them, from the first. */
    private Optional<MemoryView> window(int i) {
        if (!isChunks(i)) {
            return Optional.empty();
        }
        Node node = program.node(i);
        int first = place(i, 0);
        int part = first;
        for (int input = 0; input < node.inputCount(); input++) {
            if (part < 0 || part != place(i, input) || homes[part] == null || !isLinked[part]) {
                return Optional.empty();
            }
            part = next[part];
        }
        MemoryView home = homes[first];
        return home == null
                ? Optional.empty()
                : Optional.of(new MemoryView(
                        home.block(), home.offset(), node.shape(), MemoryView.rowMajor(node.shape()), node.type()));
    }

    /**
     * Sees to it that whoever makes a part writes it to a window: the window becomes the home of what holds the part's elements, or
     * a second place for them, if either is possible.
     */
    private void host(int of, int part, MemoryView window) {
        int at = part;
        MemoryView view = window;
        while (program.node(at).op() instanceof Movement.Reshape
                || program.node(at).op() instanceof Movement.Transpose) {
            int input = program.node(at).input(0);
            Optional<MemoryView> before =
                    view.before(program.node(at), program.node(input).shape());
            if (before.isEmpty()) {
                return;
            }
            view = before.get();
            at = input;
        }
        Node holder = program.node(at);
        if (holder.isView()
                || holder.isLiteral()
                || holder.phase() != program.node(of).phase()) {
            return;
        }
        MemoryView home = homes[at];
        if (home == null) {
            homes[at] = view;
        } else if (!home.showsSame(view)) {
            boolean isWrittenTwice = holder.isLeaf() || (holder.isElementwise() && isRow(view));
            if (isWrittenTwice) {
                also.put(at, view);
            }
        }
    }

    /** Whether a kernel can write to a view as it writes rows. */
    private static boolean isRow(MemoryView view) {
        LoopNest nest = LoopNest.of(view.shape(), List.of(view));
        return nest.step(0) == 1 || view.shape().elements() == 1;
    }
}
