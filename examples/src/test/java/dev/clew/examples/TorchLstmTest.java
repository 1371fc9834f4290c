package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TorchLstmTest {
    private static final Options NONE = Options.of(null, null, null, null);

    @Test
    void whatPyTorchBeganGoesOnWithItsNumbersAndIsWrittenToTheSameBits() {
        Report report = TorchLstm.run("torch-weights", NONE);
        assertThat(report.reached()).as(report.text()).isTrue();
        assertThat(report.text())
                .matches("10 arrays of PyTorch read; outputs as PyTorch's to \\d\\.\\de[-+]\\d\\d\\R"
                        + "50 steps of Adam: loss 0\\.\\d+ -> 0\\.\\d+, each as PyTorch's to \\d\\.\\de[-+]\\d\\d\\R"
                        + "written under the same names, and read again to the same bits");
    }

    @Test
    void optionsAreRefused() {
        assertThatThrownBy(() -> TorchLstm.run("torch-weights", Options.of(3, null, null, null)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("torch-weights has no options: its numbers are those that PyTorch has computed");
    }
}
