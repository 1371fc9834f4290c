package dev.clew.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.primitives.Bytes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** What is done to a file: at some place, with some number. */
record Mutation(Way way, int at, int with) {
    private static final String SIGNS = "{}[]()\",':0123456789-+eE.\\u \tnulltrueFalseL<>|=fiub";
    private static final int LONGEST_PART = 40;

    enum Way {
        FLIP_A_BIT,
        SET_A_BYTE,
        SET_A_SHORT,
        SET_AN_INT,
        PUT_A_SIGN,
        CHANGE_A_NUMBER,
        CUT_OFF,
        TAKE_OUT,
        REPEAT
    }

    /** One or a few. */
    static Arbitrary<List<Mutation>> some() {
        return Combinators.combine(Arbitraries.of(Way.class), Arbitraries.integers(), Arbitraries.integers())
                .as(Mutation::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    static byte[] changed(byte[] bytes, List<Mutation> by) {
        byte[] changed = bytes;
        for (Mutation each : by) {
            changed = each.changed(changed);
        }
        return changed;
    }

    private byte[] changed(byte[] bytes) {
        if (bytes.length < Integer.BYTES) {
            return bytes;
        }
        byte[] result = bytes.clone();
        ByteBuffer buffer = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
        int place = Math.floorMod(at, bytes.length);
        int to = place + Math.floorMod(with, Math.min(bytes.length - place, LONGEST_PART)) + 1;
        switch (way) {
            case FLIP_A_BIT -> result[place] ^= (byte) (1 << (with & 7));
            case SET_A_BYTE -> result[place] = (byte) with;
            case SET_A_SHORT -> buffer.putShort(Math.min(place, bytes.length - Short.BYTES), (short) number());
            case SET_AN_INT -> buffer.putInt(Math.min(place, bytes.length - Integer.BYTES), number());
            case PUT_A_SIGN -> result[place] = (byte) SIGNS.charAt(Math.floorMod(with, SIGNS.length()));
            case CHANGE_A_NUMBER -> result = withDigits(bytes, place);
            case CUT_OFF -> result = Arrays.copyOf(bytes, place);
            case TAKE_OUT ->
                result = Bytes.concat(Arrays.copyOf(bytes, place), Arrays.copyOfRange(bytes, to, bytes.length));
            case REPEAT ->
                result = Bytes.concat(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, place, bytes.length));
        }
        return result;
    }

    /** Small, all ones, or any. */
    private int number() {
        return switch (with & 3) {
            case 0 -> (with >>> 2) % 100;
            case 1 -> -1;
            case 2 -> Integer.MAX_VALUE >>> (with >>> 2) % 32;
            default -> with;
        };
    }

    /** The first number in digits after a place becomes another, small or of any size. */
    private byte[] withDigits(byte[] bytes, int place) {
        String text = new String(bytes, ISO_8859_1);
        Matcher digits = Pattern.compile("[0-9]+").matcher(text);
        if (!digits.find(place)) {
            return bytes;
        }
        String other = (with & 7) == 0 ? BigInteger.valueOf(with).pow(3).toString() : String.valueOf(number());
        return (text.substring(0, digits.start()) + other + text.substring(digits.end())).getBytes(ISO_8859_1);
    }
}
