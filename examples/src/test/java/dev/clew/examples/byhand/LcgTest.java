package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;

class LcgTest {
    @Test
    void drawsTheSameBitsAsEveryOtherImplementation() {
        JsonObject golden = Golden.read("lcg.json");
        double[] values = Golden.vector(golden.get("check_seed_42_first_8"));
        JsonArray bits = golden.getAsJsonArray("check_seed_42_first_8_bits_hex");
        Lcg generator = new Lcg(42);
        for (int i = 0; i < values.length; i++) {
            double value = generator.next();
            assertThat(value).isEqualTo(values[i]);
            assertThat(Double.doubleToRawLongBits(value))
                    .isEqualTo(Long.parseUnsignedLong(bits.get(i).getAsString(), 16));
        }
    }

    @Test
    void fillsMatricesRowByRow() {
        double[][] matrix = new Lcg(42).matrix(2, 3, -1, 3);
        Lcg generator = new Lcg(42);
        for (double[] row : matrix) {
            for (double value : row) {
                assertThat(value).isEqualTo(generator.uniform(-1, 3)).isBetween(-1.0, 3.0);
            }
        }
    }
}
