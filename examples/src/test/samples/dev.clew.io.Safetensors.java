import java.lang.foreign.*;
import java.nio.ByteOrder;

void main() throws IOException {
    NDArray numbers = RandomKey.of(1).normal(0, 1, DType.F32, Shape.of(3, 512));
    Safetensors.write(Path.of("model.safetensors"), Map.of("embedding.weight", numbers), Map.of());
    // sample 1
    try (Safetensors file = Safetensors.open(Path.of("model.safetensors"))) {
        // sample 2
        assertThat(third).isEqualTo(numbers.toFloats()[2]);
        assertThat(row).isEqualTo(numbers.rows(0, 1).reshape(Shape.of(512)));
    }
}
