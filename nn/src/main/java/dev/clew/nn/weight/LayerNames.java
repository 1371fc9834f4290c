package dev.clew.nn.weight;

/**
 * What the arrays of simple layers are called.
 *
 * @param separator between the name of a layer and that of its array
 * @param table of an embedding
 * @param gain of a layer norm, and offset its bias
 * @param epsilon of a layer norm of which nothing is said
 */
record LayerNames(
        String separator, String weight, String bias, String table, String gain, String offset, double epsilon) {
    static final LayerNames PYTORCH = new LayerNames(".", "weight", "bias", "weight", "weight", "bias", 1e-5);
    static final LayerNames KERAS = new LayerNames("/", "kernel", "bias", "embeddings", "gamma", "beta", 1e-3);

    static LayerNames flax(String separator) {
        return new LayerNames(separator, "kernel", "bias", "embedding", "scale", "bias", 1e-6);
    }
}
