package dev.clew.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.audit.AuditReport;
import dev.clew.io.Npz;
import dev.clew.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomAuditTest {
    @TempDir
    private Path folder;

    @Test
    void theRightGradientOfACellOfItsOwnIsFoundRight() throws IOException {
        Path file = folder.resolve("all.npz");
        Npz.write(file, CustomAuditArrays.right());
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
        Map<String, NDArray> arrays = CustomAuditArrays.right();
        arrays.computeIfPresent("dleak", (_, right) -> Tensor.of(right).negate().value());
        AuditReport report = CustomAudit.report(arrays);
        assertThat(report.isRight()).isFalse();
        assertThat(report.gradients())
                .allSatisfy(each -> assertThat(each.isRight())
                        .as(each.name())
                        .isEqualTo(!each.name().equals("leak")));
    }
}
