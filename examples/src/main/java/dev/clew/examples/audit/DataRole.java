package dev.clew.examples.audit;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What an array is that is no weight, and the names that it is looked for under. */
enum DataRole {
    /** The inputs of all steps, as numbers or symbols. */
    X("x", "x", "X", "xs", "inputs", "input", "symbols"),
    /** What the outputs should be. */
    TARGETS("targets", "targets", "target", "t", "Y", "ys", "y", "labels"),
    /** The state before the first step; zeros if it is not there. */
    H0("h0", "h0", "h_0", "h_init", "hprev", "h_prev"),
    /** The cell state before the first step. */
    C0("c0", "c0", "c_0", "c_init", "cprev", "c_prev"),
    /** 1 at steps that count, 0 at padding, or any weights. */
    MASK("mask", "mask", "masks"),
    /** How many steps of every sequence count. */
    LENGTHS("lengths", "lengths", "length", "seq_len");

    private final String role;
    private final ImmutableList<String> names;

    DataRole(String role, String... names) {
        this.role = role;
        this.names = ImmutableList.copyOf(names);
    }

    /** The word that {@code --names} has for it. */
    String role() {
        return role;
    }

    /** The likeliest first. */
    List<String> names() {
        return names;
    }

    static boolean isOne(String role) {
        return Arrays.stream(values()).anyMatch(each -> each.role.equals(role));
    }

    static String all() {
        return Arrays.stream(values()).map(DataRole::role).collect(Collectors.joining(", "));
    }
}
