package dev.clew.compile;

import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where values live, so that joining costs nothing: the parts of a concat are computed in adjacent homes.
 *
 * <p>A concat along its first axis asks for its parts to follow one another. Several concats may ask the same tensors, a
 * window of states here and the same window a step later there: as long as every part has one successor and one predecessor,
 * the parts form chains, and every chain becomes one block of memory of which each concat is a window. A concat along
 * another axis makes its parts windows of itself. Whatever cannot be met is copied, and counted.
 */
final class Place {
    private final Program program;
    private final int[] uses;
    private final @Nullable View[] homes;
    private final boolean[] isLinked;
    private final int[] next;
    private final int[] previous;
    private final int[] head;
    private final int[] tail;

    private Place(Program program) {
        int size = program.size();
        this.program = program;
        this.uses = program.uses();
        this.homes = new @Nullable View[size];
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

    /**
     * The program with a copy of every part of a concat that cannot be computed in place, a repeated number or a slice of something
     * else: one such part shall not keep the others apart. Likewise of a part from another phase: it shall not keep memory for the
     * others from there to here.
     */
    static Program prepared(Program program) {
        Place place = new Place(program);
        Rewrite rewrite = new Rewrite(program);
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            int[] parts = node.inputs().toArray();
            boolean changes = false;
            rewrite.phase(node.phase());
            for (int part = 0; place.isChunks(i) && part < parts.length; part++) {
                int holder = place.holder(parts[part]);
                if (holder < 0 || program.node(holder).phase() != node.phase()) {
                    Node shown = program.node(parts[part]);
                    parts[part] = rewrite.add(new Elementwise.AddN(), shown.shape(), shown.type(), parts[part]);
                    changes = true;
                }
            }
            if (changes) {
                rewrite.replace(i, rewrite.add(node.op(), node.shape(), node.type(), parts));
            }
        }
        return rewrite.build();
    }

    /** A home for every node that is not a view; literals have none. */
    static @Nullable View[] of(Program program) {
        Place place = new Place(program);
        for (int i = program.size() - 1; i >= 0; i--) {
            if (place.isChunks(i) && !place.isLinked[i]) {
                place.link(i);
            }
        }
        place.layChains();
        for (int i = program.size() - 1; i >= 0; i--) {
            place.settle(i);
        }
        return place.homes;
    }

    /** Every node in a home of its own. */
    static @Nullable View[] apart(Program program) {
        @Nullable View[] homes = new @Nullable View[program.size()];
        for (int i = 0; i < homes.length; i++) {
            Node node = program.node(i);
            homes[i] = node.isView() || node.isLiteral() ? null : View.contiguous(node.shape(), node.type());
        }
        return homes;
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

    /** The node whose elements, in the same order, a part shows; -1 if it shows them otherwise, or is a literal. */
    private int holder(int part) {
        int holder = part;
        while (program.node(holder).op() instanceof Movement.Reshape) {
            holder = program.node(holder).input(0);
        }
        Node node = program.node(holder);
        return node.isView() || node.isLiteral() ? -1 : holder;
    }

    /** Makes the parts of a concat neighbors, all or none. */
    private void link(int concat) {
        Node node = program.node(concat);
        int[] parts = node.inputs().toArray();
        for (int i = 0; i < parts.length; i++) {
            parts[i] = holder(parts[i]);
            if (parts[i] < 0 || program.node(parts[i]).shape().elements() == 0) {
                return;
            }
        }
        if (!follow(parts)) {
            return;
        }
        for (int part : parts) {
            isLinked[part] = true;
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
                    elements += program.node(part).shape().elements();
                }
                Block block = new Block((long) elements * program.node(i).type().bytes());
                int offset = 0;
                for (int part = i; part >= 0; part = next[part]) {
                    Node node = program.node(part);
                    homes[part] = new View(block, offset, node.shape(), View.rowMajor(node.shape()), node.type());
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
        View home = homes[i];
        if (home == null) {
            home = window(i).orElseGet(() -> View.contiguous(node.shape(), node.type()));
            homes[i] = home;
        }
        if (node.op() instanceof Movement.Concat concat) {
            for (int part = 0; part < node.inputs().length(); part++) {
                host(i, home, concat, node, part);
            }
        } else if (node.isContinued()) {
            takeOver(node.input(2), home);
        }
    }

    /** A sum that another goes on from is made where that one will be, if nobody else wants it. */
    private void takeOver(int begun, View home) {
        if (program.node(begun).isComputed() && homes[begun] == null && uses[begun] == 1) {
            homes[begun] = home;
        }
    }

    private void host(int of, View home, Movement.Concat concat, Node node, int part) {
        Node shown = program.node(node.input(part));
        host(of, node.input(part), home.window(concat.axis(), concat.starts().get(part), shown.shape()));
    }

    /** The home of a concat whose parts are neighbors already: all of them, from the first. */
    private Optional<View> window(int i) {
        if (!isChunks(i)) {
            return Optional.empty();
        }
        Node node = program.node(i);
        int first = holder(node.input(0));
        int part = first;
        for (int input = 0; input < node.inputs().length(); input++) {
            if (part < 0 || part != holder(node.input(input)) || homes[part] == null || !isLinked[part]) {
                return Optional.empty();
            }
            part = next[part];
        }
        View home = homes[first];
        return home == null
                ? Optional.empty()
                : Optional.of(
                        new View(home.block(), home.offset(), node.shape(), View.rowMajor(node.shape()), node.type()));
    }

    /** Gives the holder of a part's elements the home that makes the part lie in a window, if it has none yet. */
    private void host(int of, int part, View window) {
        int at = part;
        View view = window;
        while (program.node(at).op() instanceof Movement.Reshape
                || program.node(at).op() instanceof Movement.Transpose) {
            int input = program.node(at).input(0);
            Optional<View> before =
                    view.before(program.node(at), program.node(input).shape());
            if (before.isEmpty()) {
                return;
            }
            view = before.get();
            at = input;
        }
        Node holder = program.node(at);
        boolean isFree = !holder.isView() && !holder.isLiteral() && homes[at] == null;
        if (isFree && holder.phase() == program.node(of).phase()) {
            homes[at] = view;
        }
    }
}
