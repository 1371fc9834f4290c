/** Layers, losses and optimizers. */
module dev.clew.nn {
    requires transitive dev.clew.core;
    requires static org.jspecify;
}
