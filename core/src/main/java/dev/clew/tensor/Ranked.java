package dev.clew.tensor;

/** Elements in order, and the indices (i32) at which they were. Gradients flow through the values. */
public record Ranked(Tensor values, Tensor indices) {}
