/**
 * Weights of other frameworks, from maps of arrays and into them, whatever file they are in ({@link dev.clew.io.Safetensors}, npz): {@link
 * dev.clew.nn.weight.TorchWeights}, {@link dev.clew.nn.weight.KerasWeights} and {@link dev.clew.nn.weight.FlaxWeights} are each a {@link
 * dev.clew.nn.weight.Weights}, and {@link dev.clew.nn.weight.GateOrder} is the table of their gates.
 *
 * {@snippet lang=java :
 * try (Safetensors file = Safetensors.open(Path.of("model.safetensors"))) {
 *     var weights = TorchWeights.of(file.readAll());
 *     Layers<Lstm.State> layers = weights.lstm("rnn"); // an nn.LSTM
 *     Linear head = weights.linear("head");
 *     weights.requireAllRead();
 * }
 * }
 *
 * <p>Numbers are moved and never computed with, so they come back to the last bit. What a framework does not have is refused by name.
 *
 * <p>Three kinds of files are pickles, or need a library, and are not read. In Python, PyTorch's {@code .pt}:
 *
 * {@snippet lang=python :
 * import numpy, torch
 * state = torch.load("model.pt", map_location="cpu")
 * numpy.savez("model.npz", **{name: array.numpy() for name, array in state.items()})
 * }
 *
 * <p>or {@code safetensors.torch.save_file(state, "model.safetensors")}. NumPy has no bfloat16, so tensors of that are {@code
 * array.float().numpy()}. Of a file that holds a whole model, the first line is {@code state = torch.load("model.pt",
 * map_location="cpu", weights_only=False).state_dict()}, since PyTorch 2.6; this runs code that is in the file, so it must be trusted.
 * Keras's HDF5 ({@code .keras}, {@code .h5}):
 *
 * {@snippet lang=python :
 * import keras, numpy
 * model = keras.models.load_model("model.keras")
 * numpy.savez("model.npz", **{weight.path: weight.numpy() for weight in model.weights})
 * }
 *
 * <p>Flax's msgpack:
 *
 * {@snippet lang=python :
 * import flax, numpy
 * tree = flax.serialization.msgpack_restore(open("model.msgpack", "rb").read())
 * numpy.savez("model.npz", **flax.traverse_util.flatten_dict(tree, sep="/"))
 * }
 */
@NullMarked
package dev.clew.nn.weight;

import org.jspecify.annotations.NullMarked;
