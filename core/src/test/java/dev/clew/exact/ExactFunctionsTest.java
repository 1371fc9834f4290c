package dev.clew.exact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That a number computed with few bits is as near to that with many as it says, and that known digits come out. */
final class ExactFunctionsTest {
    private static final int POINTS = 20;

    static Stream<String> labels() {
        return ExactFunctions.labels();
    }

    @ParameterizedTest
    @MethodSource("labels")
    void saysHowFarItMayBeOff(String label) {
        ExactFunction function = ExactFunctions.of(label).orElseThrow();
        Points points = new Points(1, DType.F64);
        List<double[]> at = Stream.generate(() -> points.of(function.inputs()))
                .filter(function::isDefined)
                .limit(POINTS)
                .toList();
        for (double[] x : at) {
            for (int leading : new int[] {20, 100}) {
                Real few = function.at(leading, x);
                Real apart = few.minus(function.at(250, x));
                boolean isHonest = apart.signum() == 0 || apart.magnitude() - 1 <= Real.sum(few.error(), apart.error());
                assertThat(isHonest)
                        .as(
                                "%s of %s is %s, but that is %s from what it is with more bits",
                                label, Arrays.toString(x), few, apart)
                        .isTrue();
            }
        }
    }

    @Test
    void knownDigits() {
        // Γ(½) = √π, ψ(1) = −γ, ψ'(1) = π²/6; the others as in any table.
        is("exp", 1, "2.71828182845904523536028747135266249775724709369995957");
        is("log", 10, "2.30258509299404568401799145468436420760110148862877297");
        is("log1p", 1, "0.693147180559945309417232121458176568075500134360255254");
        is("atan", 1, "0.785398163397448309615660845819875721049292349843776455");
        is("sin", 1, "0.841470984807896506652502321630298999622563060798371065");
        is("cosh", 1, "1.54308063481524377847790562075706168260152911236586370");
        is("erf", 1, "0.842700792949714869341220635082609259296066997966302908");
        is("erfc", 7, "4.183825607779414398614010224E-23");
        is("logGamma", 0.5, "0.572364942924700087071713675676529355823647406457655785");
        is("digamma", 1, "-0.577215664901532860606512090082402431042159335939923598");
        is("trigamma", 1, "1.64493406684822643647241516664602518921894990120679843");
    }

    /** To all digits but the last that are given. */
    private static void is(String label, double x, String digits) {
        Real found = ExactFunctions.of(label).orElseThrow().at(250, x);
        BigDecimal number = new BigDecimal(digits);
        Real expected = found.decimal(number.toPlainString());
        assertThat(found.minus(expected).abs().about())
                .as("%s of %s is %s", label, x, found)
                .isLessThan(number.ulp().doubleValue());
    }
}
