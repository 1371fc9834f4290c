package dev.clew.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.AuditReport;
import dev.clew.audit.Unrolled;
import dev.clew.gradient.Gradients;
import dev.clew.io.Npz;
import dev.clew.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomAuditTest {
    @TempDir
    private Path folder;

    private static NDArray normal(int which, int... shape) {
        return RandomKey.of(5).fold(which).normal(0, 0.5, DType.F64, Shape.of(shape));
    }

    /** A point, and the gradient that Clew has there. */
    private static Map<String, NDArray> arrays() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("Wx", normal(0, 4, 2));
        arrays.put("Wh", normal(1, 4, 4));
        arrays.put("Wy", normal(2, 3, 4));
        arrays.put("leak", normal(3, 4, 1));
        arrays.put("b", normal(4, 4, 1));
        arrays.put("h0", normal(5, 4, 1));
        arrays.put("x", normal(6, 5, 2, 1));
        arrays.put("targets", normal(7, 5, 3, 1));
        Map<String, Tensor> point = new LinkedHashMap<>();
        arrays.forEach((name, array) -> point.put(name, Tensor.of(array)));
        Unrolled forward = CustomAudit.forward(point);
        Gradients gradients = Gradients.of(forward.loss());
        forward.parameters()
                .forEach((name, weight) -> arrays.put("d" + name, gradients.wrt(weight).value()));
        return arrays;
    }

    @Test
    void theRightGradientOfACellOfItsOwnIsFoundRight() throws IOException {
        Path file = folder.resolve("all.npz");
        Npz.write(file, arrays());
        PrintStream real = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            CustomAudit.main(new String[] {file.toString()});
        } finally {
            System.setOut(real);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("right; 5 of 5 arrays right");
    }

    @Test
    void aGradientWithAnotherSignIsFoundWrong() {
        Map<String, NDArray> arrays = arrays();
        arrays.computeIfPresent(
                "dleak", (_, right) -> Tensor.of(right).negate().value());
        AuditReport report = CustomAudit.report(arrays);
        assertThat(report.isRight()).isFalse();
        assertThat(report.gradients())
                .allSatisfy(each -> assertThat(each.isRight()).as(each.name()).isEqualTo(!each.name().equals("leak")));
    }
}
