package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of an LSTM and a GRU with names and layout of PyTorch, written without this library. The names, shapes, first and last numbers
 * below are from the bytes, taken apart by the {@code struct} and {@code json} of Python.
 */
final class TorchFilesTest {
    private static final String LSTM = """
            weight_ih_l0 (20, 3) 0.40734229051214643 0.16114153883148707
            weight_hh_l0 (20, 5) 0.31393264344449634 -0.34823337641717045
            bias_ih_l0 (20) -0.3140834815324077 -0.07309693639875525
            bias_hh_l0 (20) 0.1701227264026326 -0.059717197559291946
            weight_ih_l0_reverse (20, 3) -0.3484457811870031 -0.2519186323809116
            weight_hh_l0_reverse (20, 5) 0.047691910015342565 0.0460786534554426
            bias_ih_l0_reverse (20) 0.20368442615731885 -0.45997062543223055
            bias_hh_l0_reverse (20) -0.2549698419438824 0.40697865987995996
            weight_ih_l1 (20, 10) -0.029521478055482553 -0.2945623439960525
            weight_hh_l1 (20, 5) 0.48159613603588214 -0.008566872135882808
            bias_ih_l1 (20) -0.30140663752224883 0.004211891980650306
            bias_hh_l1 (20) 0.03671726441157164 0.002599470797832404
            weight_ih_l1_reverse (20, 10) 0.14544775962201018 -0.486945027730615
            weight_hh_l1_reverse (20, 5) 0.07734950049177003 0.40622265670493096
            bias_ih_l1_reverse (20) 0.4662354644772848 0.44394480843453754
            bias_hh_l1_reverse (20) 0.4138311810285721 0.14320916547016416
            """;
    private static final String GRU = """
            weight_ih_l0 (18, 4) 0.47724080085754395 0.3960176706314087
            weight_hh_l0 (18, 6) -0.02743254043161869 -0.01762087643146515
            bias_ih_l0 (18) -0.0907709151506424 -0.1339990794658661
            bias_hh_l0 (18) 0.401116281747818 -0.265789657831192
            weight_ih_l1 (18, 6) -0.44417834281921387 0.01979987882077694
            weight_hh_l1 (18, 6) 0.16013102233409882 -0.0384870283305645
            bias_ih_l1 (18) -0.09690386801958084 -0.09043680131435394
            bias_hh_l1 (18) -0.49868807196617126 -0.3981384336948395
            """;

    @TempDir
    private Path folder;

    private void isRead(String name, DType type, String expected) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream bytes = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
            Files.copy(bytes, file);
        }
        StringBuilder found = new StringBuilder();
        Map<String, NDArray> all;
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.metadata()).isEqualTo(Map.of("format", "pt"));
            all = open.readAll();
        }
        all.forEach((tensor, array) -> {
            assertThat(array.dtype()).isEqualTo(type);
            double[] numbers = array.toDoubles();
            found.append(tensor + " " + array.shape() + " " + numbers[0] + " " + numbers[numbers.length - 1] + "\n");
        });
        assertThat(found).hasToString(expected);
        Path written = folder.resolve("written");
        Safetensors.write(written, all, Map.of("format", "pt"));
        try (Safetensors open = Safetensors.open(written)) {
            assertThat(open.readAll()).isEqualTo(all);
        }
    }

    @Test
    void anLstmIsRead() throws IOException {
        isRead("torch_lstm.safetensors", DType.F64, LSTM);
    }

    @Test
    void aGruIsRead() throws IOException {
        isRead("torch_gru.safetensors", DType.F32, GRU);
    }
}
