package dev.clew.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolesTest {
    private static Roles of(Cell cell, String names, Map<String, String> chosen) {
        return Roles.of(cell, List.of(names.split(" ")), chosen, "w.npz");
    }

    @ParameterizedTest
    @CsvSource({
        "RNN, Wxh Whh Why bh by, TOGETHER, Wh=Whh Wx=Wxh Wy=Why b=bh by=by",
        "RNN, U W V b c, TOGETHER, Wh=W Wx=U Wy=V b=b by=c",
        "RNN, Wx Wh Wy, TOGETHER, Wh=Wh Wx=Wx Wy=Wy",
        "RNN, Wx Wh, TOGETHER, Wh=Wh Wx=Wx",
        "RNN, Wax Waa Wya ba by, TOGETHER, Wh=Waa Wx=Wax Wy=Wya b=ba by=by",
        "RNN, W b Wy by, JOINED, W=W Wy=Wy b=b by=by",
        "RNN, rnn.weight_ih_l0 rnn.weight_hh_l0 rnn.bias_ih_l0 rnn.bias_hh_l0 head.weight head.bias, TOGETHER,"
                + " Wh=rnn.weight_hh_l0 Wx=rnn.weight_ih_l0 Wy=head.weight b=rnn.bias_ih_l0 b2=rnn.bias_hh_l0 by=head.bias",
        "GRU, weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0 weight bias, TOGETHER,"
                + " Wh=weight_hh_l0 Wx=weight_ih_l0 Wy=weight b=bias_ih_l0 b2=bias_hh_l0 by=bias",
        "LSTM, Wf Wi Wc Wo Wy bf bi bc bo by, JOINED, Wf=Wf Wg=Wc Wi=Wi Wo=Wo Wy=Wy bf=bf bg=bc bi=bi bo=bo by=by",
        "LSTM, Wf Wi Wg Wo bf bi bg bo, JOINED, Wf=Wf Wg=Wg Wi=Wi Wo=Wo bf=bf bg=bg bi=bi bo=bo",
        "LSTM, Wf Uf Wi Ui Wc Uc Wo Uo V c, EACH, Whf=Uf Whg=Uc Whi=Ui Who=Uo Wxf=Wf Wxg=Wc Wxi=Wi Wxo=Wo Wy=V by=c",
        "LSTM, Wx Wh b, TOGETHER, Wh=Wh Wx=Wx b=b",
        "GRU_V1, Wr Ur Wz Uz Wh Uh bh, EACH, Whn=Uh Whr=Ur Whz=Uz Wxn=Wh Wxr=Wr Wxz=Wz bn=bh",
        "GRU_V1, W_xr W_hr W_xz W_hz W_xh W_hh b_r b_z b_h W_hq b_q, EACH,"
                + " Whn=W_hh Whr=W_hr Whz=W_hz Wxn=W_xh Wxr=W_xr Wxz=W_xz Wy=W_hq bn=b_h br=b_r by=b_q bz=b_z",
    })
    void whatManyCallItIsUnderstood(Cell cell, String names, Scheme.Layout layout, String expected) {
        Roles roles = of(cell, names, Map.of());
        assertThat(roles.layout()).isEqualTo(layout);
        assertThat(new TreeMap<>(roles.names()).toString().replaceAll("[{},]", ""))
                .isEqualTo(expected);
    }

    @Test
    void anyOtherNameIsGivenWithItsRole() {
        Roles roles = of(Cell.RNN, "A B C d e", Map.of("Wx", "A", "Wh", "B", "Wy", "C", "b", "d", "by", "e"));
        assertThat(roles.name("Wh")).contains("B");
        assertThat(roles.name("by")).contains("e");
        Roles exchanged = of(Cell.RNN, "Wxh Whh Why", Map.of("Wx", "Whh", "Wh", "Wxh"));
        assertThat(exchanged.name("Wx")).contains("Whh");
        assertThat(exchanged.name("Wy")).contains("Why");
    }

    @Test
    void namesThatAreNotThereOrMeanTwoThingsAreRefused() {
        assertThatThrownBy(() -> of(Cell.RNN, "A B", Map.of("Wx", "Q")))
                .hasMessage("--names Wx=Q: w.npz has no array 'Q'; it has [A, B]");
        assertThatThrownBy(() -> of(Cell.RNN, "A B", Map.of("Wf", "A")))
                .hasMessage(
                        "--names Wf=A: a model rnn has no role Wf; its roles are [W, Wh, Wx, Wy, b, b2, by] and those of the"
                                + " data, x, targets, h0, c0, mask, lengths");
        assertThatThrownBy(() -> of(Cell.RNN, "Wx Wh a.weight b.weight", Map.of()))
                .hasMessage("Wy in w.npz: it may be any of [a.weight, b.weight]; say which with --names Wy=NAME");
        assertThatThrownBy(() -> of(Cell.GRU, "U W", Map.of()))
                .hasMessageStartingWith(
                        "weights of gru in w.npz: there are [U, W]; looked for one of these: Wxr, Whr, ")
                .hasMessageContaining("; U, W, V; ")
                .hasMessageEndingWith("Say which is which with --names, as in --names Wx=NAME,Wh=NAME");
    }

    @Test
    void aNameHasOneRole() {
        Roles roles = of(Cell.GRU, "Wx Wh b bh", Map.of());
        assertThat(roles.names()).hasSize(4).containsEntry("b2", "bh");
        assertThat(Collections.frequency(roles.names().values(), "bh")).isEqualTo(1);
        assertThat(Arrays.asList(DataRole.values())).allMatch(role -> DataRole.isOne(role.role()));
    }
}
