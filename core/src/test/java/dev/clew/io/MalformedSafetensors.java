package dev.clew.io;

import static dev.clew.io.Recipe.file;
import static dev.clew.io.Recipe.tensor;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Ways in which a safetensors file can be wrong, and what is said of each. */
final class MalformedSafetensors {
    private static final String FIELDS = "; a tensor has dtype, shape and data_offsets";
    private static final String TWICE = " is there twice; names must differ, for readers keep either of two";
    private static final String PLAIN = "; numbers are whole, written in digits alone, and below 2⁶³";
    private static final String JSON = "; it must be strict JSON";
    private static final String FIT = "; arrays of whole numbers are i32, which it does not fit";
    private static final String BRACE = "; it must be a JSON object, and begin with '{'";
    private static final String BYTE = "{\"dtype\":\"I8\",\"shape\":[],\"data_offsets\":[0,1]}";

    private MalformedSafetensors() {}

    /**
     * A file that is wrong.
     *
     * @param name in what way, in a few words
     * @param because what the message says after the name of the file
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Kind(String name, byte[] bytes, String because) {}

    static ImmutableList<Kind> all() {
        return ImmutableList.<Kind>builder()
                .addAll(lengths())
                .addAll(letters())
                .addAll(json())
                .addAll(duplicates())
                .addAll(fields())
                .addAll(numbers())
                .addAll(places())
                .addAll(sizes())
                .addAll(elements())
                .build();
    }

    // ------------------------------------------------------------------------------------------------------ the length

    private static byte[] claiming(long length) {
        return ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put("{}".getBytes(UTF_8))
                .array();
    }

    private static ImmutableList<Kind> lengths() {
        String eight = "; a safetensors file begins with the length of its header, in 8";
        String most = "; the most is 100000000; is it a safetensors file?";
        return ImmutableList.of(
                new Kind("nothing", new byte[0], "it has 0 bytes" + eight),
                new Kind("fewer than 8 bytes", new byte[7], "it has 7 bytes" + eight),
                new Kind("a header of nothing", claiming(0), "its header is empty" + BRACE),
                new Kind(
                        "a header beyond the file",
                        claiming(100_000_000),
                        "its header would have 100000000 bytes, but the file has 10; it is cut off, or no safetensors file"),
                new Kind(
                        "a header beyond the most",
                        claiming(100_000_001),
                        "its header would have 100000001 bytes" + most),
                new Kind(
                        "2⁶³ bytes",
                        claiming(Long.MIN_VALUE),
                        "its header would have 9223372036854775808 bytes" + most),
                new Kind("−1 bytes", claiming(-1), "its header would have 18446744073709551615 bytes" + most));
    }

    // --------------------------------------------------------------------------------------------------------- letters

    private static byte[] raw(int... header) {
        byte[] bytes = new byte[header.length];
        for (int i = 0; i < header.length; i++) {
            bytes[i] = (byte) header[i];
        }
        return file(bytes, new byte[0]);
    }

    private static ImmutableList<Kind> letters() {
        return ImmutableList.of(
                new Kind(
                        "a letter in too many bytes",
                        raw('{', '"', 0xc0, 0x80, '"', '}'),
                        "its header is not UTF-8; it must be JSON in UTF-8"),
                new Kind("a byte order mark", raw(0xef, 0xbb, 0xbf, '{', '}'), "its header begins with U+FEFF" + BRACE),
                new Kind("a blank in front", raw(' ', '{', '}'), "its header begins with U+0020" + BRACE),
                new Kind("an array", raw('[', ']'), "its header begins with '['" + BRACE),
                new Kind(
                        "padded by zeros",
                        raw('{', '}', 0),
                        "its header is no JSON near '{}?' (at line 1 column 4 path '$')" + JSON));
    }

    // ------------------------------------------------------------------------------------------------------------ JSON

    private static Kind header(String name, String header, String because) {
        return new Kind(name, file(header, ""), because);
    }

    private static Kind json(String name, String header, String because) {
        return header(name, header, "its header is no JSON near " + because + JSON);
    }

    private static ImmutableList<Kind> json() {
        return ImmutableList.of(
                header(
                        "JSON after JSON",
                        "{}{}",
                        "its header is no JSON near '{}{}' (at line 1 column 4 path '$')" + JSON),
                json("no end", "{", "'{' (End of input at line 1 column 2 path '$.')"),
                json("no end of a tensor", "{\"x\":{", "'{\"x\":{' (End of input at line 1 column 7 path '$.x.')"),
                json(
                        "no end of a text",
                        "{\"__metadata__\":{\"a\":\"b}}",
                        "'{\"a\":\"b}}' (Unterminated string at line 1 column 26 path '$.__metadata__.a')"),
                json("a comment", "{/**/}", "'{/**/}' (at line 1 column 3 path '$.')"),
                json("a comment after it", "{}#", "'{}#' (at line 1 column 4 path '$')"),
                json(
                        "NaN",
                        tensor("I8", "NaN", "0,1"),
                        "'\"shape\":[NaN],\"data_' (at line 1 column 29 path '$.x.shape[0]')"),
                json(
                        "a zero in front",
                        tensor("I8", "01", "0,1"),
                        "'\"shape\":[01],\"data_o' (at line 1 column 29 path '$.x.shape[0]')"),
                json(
                        "a hexadecimal number",
                        tensor("I8", "0x1", "0,1"),
                        "'\"shape\":[0x1],\"data_' (at line 1 column 29 path '$.x.shape[0]')"),
                json(
                        "a plus",
                        tensor("I8", "1", "+0,1"),
                        "'ffsets\":[+0,1]}}' (at line 1 column 48 path '$.x.data_offsets[0]')"),
                json(
                        "a comma too many",
                        "{\"x\":" + BYTE + ",}",
                        "':[0,1]},}' (Expected name at line 1 column 54 path '$.x')"),
                json("a name without quotes", "{x:1}", "'{x:1}' (at line 1 column 3 path '$.')"),
                json("a name in single quotes", "{'x':1}", "'{'x':1}' (at line 1 column 3 path '$.')"),
                json("no value", "{\"x\"}", "'{\"x\"}' (Expected ':' at line 1 column 6 path '$.x')"),
                json(
                        "a line break in a text",
                        "{\"__metadata__\":{\"a\":\"\n\"}}",
                        "'_\":{\"a\":\"?\"}}' (Unescaped control characters (\\u0000-\\u001F) are not allowed in strict mode at line 1 column 23 path '$.__metadata__.a')"),
                json(
                        "an escape that there is not",
                        "{\"__metadata__\":{\"b\":\"\\x\"}}",
                        "':{\"b\":\"\\x\"}}' (Invalid escape sequence at line 1 column 25 path '$.__metadata__.b')"),
                json(
                        "half of a surrogate pair",
                        "{\"__metadata__\":{\"\\ud800\":\"\"}}",
                        "'{\"\\ud800\":\"\"}}' (Unpaired surrogate characters are not allowed in strict mode at line 1 column 26 path '$.__metadata__.')"),
                json("a bracket for a brace", "{\"a\":{]}", "'{\"a\":{]}' (at line 1 column 8 path '$.a.')"),
                header("many objects in one another", "{\"x\":".repeat(100_000), "'x' has the field 'x'" + FIELDS),
                header(
                        "many arrays in one another",
                        "{\"x\":" + "[".repeat(100_000),
                        "'x' is an array; it must be an object"));
    }

    private static ImmutableList<Kind> duplicates() {
        return ImmutableList.of(
                header("a tensor twice", "{\"x\":" + BYTE + ",\"\\u0078\":" + BYTE + "}", "'x'" + TWICE),
                header(
                        "metadata twice",
                        "{\"__metadata__\":{},\"__metadata__\":{}}",
                        "__metadata__ is there twice; the texts of a file stand in one object"),
                header("a text twice", "{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", "'a'" + TWICE),
                header(
                        "a field twice",
                        "{\"x\":{\"dtype\":\"I8\",\"shape\":[],\"shape\":[],\"data_offsets\":[0,1]}}",
                        "'shape'" + TWICE));
    }

    // ---------------------------------------------------------------------------------------------------------- fields

    private static ImmutableList<Kind> fields() {
        return ImmutableList.of(
                header("a tensor is a number", "{\"x\":3}", "'x' is a number; it must be an object"),
                header("a tensor is null", "{\"x\":null}", "'x' is null; it must be an object"),
                header(
                        "a field too many",
                        "{\"x\":{\"dtype\":\"I8\",\"scale\":2}}",
                        "'x' has the field 'scale'" + FIELDS),
                header(
                        "a field missing",
                        "{\"x\":{\"dtype\":\"I8\",\"shape\":[0]}}",
                        "'x' has the fields [dtype, shape]" + FIELDS),
                header("no fields", "{\"x\":{}}", "'x' has the fields []" + FIELDS),
                header(
                        "a type that is a number",
                        "{\"x\":{\"dtype\":32}}",
                        "dtype of 'x' is a number; it must be a text"),
                header(
                        "a type that there is not",
                        tensor("f32", "0", "0,0"),
                        "dtype of 'x' is 'f32'; the types are [BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0,"
                                + " F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64]"),
                header(
                        "a shape that is a number",
                        "{\"x\":{\"shape\":3}}",
                        "shape of 'x' is a number; it must be an array"),
                header("one offset", tensor("I8", "0", "0"), "'x' has 1 data_offsets; they are two: begin and end"),
                header(
                        "three offsets",
                        tensor("I8", "0", "0,0,0"),
                        "data_offsets of 'x' has more than 2 numbers; they are two: begin and end"),
                header(
                        "more axes than anybody has",
                        tensor("I8", "1" + ",1".repeat(64), "0,1"),
                        "shape of 'x' has more than 64 axes; PyTorch and NumPy have no more"),
                header("metadata is null", "{\"__metadata__\":null}", "__metadata__ is null; it must be an object"),
                header(
                        "metadata is an array",
                        "{\"__metadata__\":[]}",
                        "__metadata__ is an array; it must be an object"),
                header(
                        "a text that is a number",
                        "{\"__metadata__\":{\"a\":1}}",
                        "__metadata__ of 'a' is a number; it must be a text"),
                header(
                        "a text that is null",
                        "{\"__metadata__\":{\"a\":null}}",
                        "__metadata__ of 'a' is null; it must be a text"),
                header(
                        "a text that is an array",
                        "{\"__metadata__\":{\"a\":[]}}",
                        "__metadata__ of 'a' is an array; it must be a text"));
    }

    private static Kind length(String name, String written) {
        return header(name, tensor("I8", written, "0,1"), "shape of 'x' has '" + written + "'" + PLAIN);
    }

    private static ImmutableList<Kind> numbers() {
        return ImmutableList.of(
                length("a length below 0", "-1"),
                length("a negative zero", "-0"),
                length("a fraction", "1.0"),
                length("an exponent", "1e0"),
                length("2⁶³", "9223372036854775808"),
                length("10¹⁹", "10000000000000000000"),
                header(
                        "a number of many digits",
                        tensor("I8", "1".repeat(5000), "0,1"),
                        "its header is no JSON near '\"shape\":[11111111111' (at line 1 column 29 path '$.x.shape[0]')"
                                + JSON),
                header("an offset below 0", tensor("I8", "1", "-1,0"), "data_offsets of 'x' has '-1'" + PLAIN),
                header(
                        "a length in quotes",
                        tensor("I8", "\"1\"", "0,1"),
                        "a number of shape of 'x' is a text; it must be a number"),
                header(
                        "a length that is null",
                        tensor("I8", "null", "0,1"),
                        "a number of shape of 'x' is null; it must be a number"));
    }

    // ------------------------------------------------------------------------------------------------ places and sizes

    private static Kind two(String name, String first, String second, int bytes, String because) {
        String header = "{\"a\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[" + first
                + "]},\"b\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[" + second + "]}}";
        return new Kind(name, file(header, "00".repeat(bytes)), because);
    }

    private static ImmutableList<Kind> places() {
        return ImmutableList.of(
                two(
                        "a hole",
                        "0,2",
                        "3,5",
                        5,
                        "'b' lies from 3 to 5; it must begin at 2, where the one before ends: there is a hole between them"),
                two(
                        "an overlap",
                        "0,2",
                        "1,3",
                        3,
                        "'b' lies from 1 to 3; it must not overlap the one before, which ends at 2"),
                two(
                        "one place for two",
                        "0,2",
                        "0,2",
                        2,
                        "'b' lies from 0 to 2; it must not overlap the one before, which ends at 2"),
                two("a hole in front", "1,3", "3,5", 5, "'a' lies from 1 to 3; the tensors must begin at 0"),
                two(
                        "an end before its begin",
                        "0,2",
                        "2,0",
                        2,
                        "'b' lies from 2 to 0; it must not end before it begins"),
                two(
                        "bytes after the last tensor",
                        "0,2",
                        "2,4",
                        5,
                        "its tensors have 4 bytes, but 5 follow the header; nothing may follow the last tensor"),
                two(
                        "bytes missing",
                        "0,2",
                        "2,4",
                        3,
                        "its tensors have 4 bytes, but 3 follow the header; it is cut off"),
                new Kind(
                        "bytes and no tensor",
                        file("{}", "00"),
                        "its tensors have 0 bytes, but 1 follow the header; nothing may follow the last tensor"));
    }

    private static ImmutableList<Kind> sizes() {
        return ImmutableList.of(
                header(
                        "more elements than can be counted",
                        tensor("I8", "4294967296,4294967296", "0,8"),
                        "'x' is I8 (4294967296, 4294967296); that many elements are more than 2⁶³ − 1"),
                // As many as 2⁶⁴ bits would be none if they overflowed.
                header(
                        "more bits than can be counted",
                        tensor("F64", "288230376151711744", "0,0"),
                        "'x' is F64 (288230376151711744); that many bits are more than 2⁶³ − 1"),
                header(
                        "more elements before an axis of none",
                        tensor("F64", "4611686018427387904,4,0", "0,0"),
                        "'x' is F64 (4611686018427387904, 4, 0); that many elements are more than 2⁶³ − 1"),
                new Kind(
                        "too few bytes for the shape",
                        file(tensor("F32", "2", "0,4"), "00".repeat(4)),
                        "'x', F32 (2), has 4 bytes; it needs 8"),
                new Kind(
                        "an end beyond everything",
                        file(tensor("I8", "2", "0,9223372036854775807"), "0102"),
                        "'x', I8 (2), has 9223372036854775807 bytes; it needs 2"),
                header(
                        "more elements than the file has bytes",
                        tensor("F32", "500000000", "0,2000000000"),
                        "its tensors have 2000000000 bytes, but 0 follow the header; it is cut off"),
                new Kind(
                        "three numbers of 4 bits",
                        file(tensor("F4", "3", "0,2"), "0000"),
                        "'x', F4 (3), has 2 bytes; 12 bits are no whole number of bytes"),
                new Kind(
                        "three numbers of 6 bits",
                        file(tensor("F6_E2M3", "3", "0,3"), "000000"),
                        "'x', F6_E2M3 (3), has 3 bytes; 18 bits are no whole number of bytes"));
    }

    // -------------------------------------------------------------------------------------------------------- elements

    private static Kind numbers(String name, String dtype, String shape, String hex, String because) {
        int bytes = hex.replace(" ", "").length() / 2;
        return new Kind(name, file(tensor(dtype, shape, "0," + bytes), hex), because);
    }

    private static ImmutableList<Kind> elements() {
        return ImmutableList.of(
                numbers(
                        "a truth value of 2",
                        "BOOL",
                        "3",
                        "00 01 02",
                        "element 2 of 'x', BOOL (3), is the byte 2; a truth value is 0 or 1"),
                numbers(
                        "beyond i32",
                        "I64",
                        "2",
                        "0100000000000000 0000008000000000",
                        "element 1 of 'x', I64 (2), is 2147483648" + FIT),
                numbers(
                        "below i32",
                        "I64",
                        "2,1",
                        "0100000000000000 ffffff7fffffffff",
                        "element 1 of 'x', I64 (2, 1), is -2147483649" + FIT),
                numbers(
                        "beyond i64",
                        "U64",
                        "",
                        "ffffffffffffffff",
                        "element 0 of 'x', U64 (), is 18446744073709551615" + FIT),
                numbers(
                        "beyond i32 without a sign",
                        "U32",
                        "1",
                        "00000080",
                        "element 0 of 'x', U32 (1), is 2147483648" + FIT),
                numbers(
                        "bytes of 8 bits with an exponent",
                        "F8_E4M3",
                        "1",
                        "00",
                        "'x' is F8_E4M3 (1); there is no type of arrays that holds F8_E4M3"),
                header(
                        "an axis beyond those of arrays",
                        tensor("F32", "3000000000,0", "0,0"),
                        "'x' is F32 (3000000000, 0); an axis of an array has at most 2147483647 elements"));
    }
}
