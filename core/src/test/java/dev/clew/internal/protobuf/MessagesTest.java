package dev.clew.internal.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTest {
    /** The examples of the format's own page (protobuf.dev, Encoding). */
    @Test
    void bytesAreThoseOfTheFormat() {
        assertThat(hex(new MessageWriter().number(1, 150))).isEqualTo("089601");
        assertThat(hex(new MessageWriter().text(2, "testing"))).isEqualTo("120774657374696e67");
        assertThat(hex(new MessageWriter().message(3, new MessageWriter().number(1, 150))))
                .isEqualTo("1a03089601");
        assertThat(hex(new MessageWriter().numbers(6, 3, 270, 86942))).isEqualTo("3206038e029ea705");
        assertThat(hex(new MessageWriter().number(1, -2))).isEqualTo("08feffffffffffffffff01");
        assertThat(hex(new MessageWriter().real(1, 1f))).isEqualTo("0d0000803f");
        assertThat(hex(new MessageWriter().real(1, 1.0))).isEqualTo("09000000000000f03f");
        assertThat(hex(new MessageWriter().reals(1, 1.0))).isEqualTo("0a08000000000000f03f");
        assertThat(hex(new MessageWriter().number(16, 0))).isEqualTo("800100");
    }

    @Test
    void messagesMayBeWrittenInPieces() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {9, 8, 7, 6}).position(1).limit(3);
        MessageWriter inner = new MessageWriter().number(1, 1).bytes(2, bytes).number(3, 3);
        MessageWriter outer = new MessageWriter().number(1, 5).message(2, inner).text(3, "é");
        assertThat(outer.size()).isEqualTo(outer.toBytes().length);
        assertThat(hex(outer)).isEqualTo("0805" + "1208" + "0801" + "12020807" + "1803" + "1a02c3a9");
    }

    @Property
    void whatIsWrittenIsRead(@ForAll long number, @ForAll double wide, @ForAll float real, @ForAll List<Long> many)
            throws MalformedMessageException {
        long[] numbers = many.stream().mapToLong(Long::longValue).toArray();
        MessageReader read = new MessageReader(ByteBuffer.wrap(new MessageWriter()
                .number(1, number)
                .real(2, wide)
                .real(3, real)
                .numbers(4, numbers)
                .message(5, new MessageWriter().text(1, "x" + number))
                .toBytes()));
        assertThat(read.next()).isTrue();
        assertThat(read.number()).isEqualTo(number);
        assertThat(read.next()).isTrue();
        assertThat(read.wideReal()).isEqualTo(wide);
        assertThat(read.next()).isTrue();
        assertThat(read.real()).isEqualTo(real);
        assertThat(read.next()).isTrue();
        List<Long> found = new ArrayList<>();
        read.numbers(found::add);
        assertThat(found).isEqualTo(many);
        assertThat(read.next()).isTrue();
        assertThat(read.field()).isEqualTo(5);
        MessageReader inner = read.message();
        assertThat(inner.next()).isTrue();
        assertThat(inner.text()).isEqualTo("x" + number);
        assertThat(inner.next()).isFalse();
        assertThat(read.next()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "08, no end",
        "08ffffffffffffffffffff01, no end",
        "0b, wire type 3",
        "0f, wire type 7",
        "0000, begin at 1",
        "0901020304, 8 bytes",
        "0d0102, 4 bytes",
        "0a05010203, 5 bytes",
        "0affffffffffffffffff01, 18446744073709551615 bytes"
    })
    void whatIsNoMessageIsRefused(String bytes, String reason) {
        assertThatThrownBy(() -> {
                    MessageReader reader =
                            new MessageReader(ByteBuffer.wrap(HexFormat.of().parseHex(bytes)));
                    while (reader.next()) {
                        assertThat(reader.field()).isPositive();
                    }
                })
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aValueOfAnotherTypeIsRefused() throws MalformedMessageException {
        MessageReader number = new MessageReader(
                ByteBuffer.wrap(new MessageWriter().number(7, 1L << 40).toBytes()));
        assertThat(number.next()).isTrue();
        assertThatThrownBy(number::text).hasMessage("field 7 is a VARINT; it must be a BYTES");
        assertThatThrownBy(number::integer).hasMessageContaining("must fit 32 bits");
        MessageReader text = new MessageReader(ByteBuffer.wrap(new MessageWriter()
                .bytes(1, ByteBuffer.wrap(new byte[] {(byte) 0xff}))
                .toBytes()));
        assertThat(text.next()).isTrue();
        assertThatThrownBy(text::text).hasMessageContaining("UTF-8");
    }

    private static String hex(MessageWriter message) {
        return HexFormat.of().formatHex(message.toBytes());
    }
}
