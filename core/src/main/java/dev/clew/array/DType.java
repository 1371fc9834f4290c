package dev.clew.array;

/** What an element is. */
public enum DType {
    F64,
    F32,
    I32,
    BOOL;
}
