package dev.clew.nn.weight;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.tensor.Parameter;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An array of another framework, and how it is made of numbers of parameters here.
 *
 * @param from without any, it is a constant
 */
record Named(String name, ImmutableList<Parameter> from, Function<List<NDArray>, NDArray> arrangement) {
    static Named of(String name, Parameter parameter, UnaryOperator<NDArray> arrangement) {
        return new Named(name, ImmutableList.of(parameter), numbers -> arrangement.apply(numbers.getFirst()));
    }

    static Named constant(String name, NDArray numbers) {
        return new Named(name, ImmutableList.of(), _ -> numbers);
    }

    NDArray array(Function<Parameter, NDArray> numbers) {
        return arrangement.apply(from.stream().map(numbers).toList());
    }
}
