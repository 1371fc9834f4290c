/** Arrays, the tensor graph and its gradients. */
module dev.clew.core {
    requires com.google.common;
    requires it.unimi.dsi.fastutil;
    requires static org.jspecify;

    exports dev.clew.array;
}
