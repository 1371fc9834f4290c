package dev.clew.io;

import static dev.clew.io.NpyRecipe.header;
import static dev.clew.io.NpyRecipe.npy;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Bytes;
import java.util.Arrays;

/** Ways in which an npy file can be wrong, and what is said of each. */
final class MalformedNpy {
    private static final String CUT = " before its elements here; it is cut off, or no npy file";
    private static final String VERSIONS = "; the versions are 1.0, 2.0 and 3.0; a newer one is not known here";
    private static final String KEYS = "; the keys are 'descr', 'fortran_order' and 'shape', each once";
    private static final String NUMBERS = "; numbers are below 2⁶³ and do not begin with 0";
    private static final String WHOLE = "; numbers are whole, and not below 0";
    private static final String QUOTES = "; texts stand between quotes";
    private static final String DICTIONARY = "; it has a dictionary of Python there";
    private static final String TYPES =
            "; NumPy writes no such type; those that arrays can hold are f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 b1 after < or > or |";
    private static final String FIT = "; arrays of whole numbers are i32, which it does not fit";

    private MalformedNpy() {}

    /**
     * A file that is wrong.
     *
     * @param name in what way, in a few words
     * @param because what the message says after the name of the file
     */
    record Kind(String name, byte[] bytes, String because) {}

    static ImmutableList<Kind> all() {
        return ImmutableList.<Kind>builder()
                .addAll(starts())
                .addAll(dictionaries())
                .addAll(values())
                .addAll(shapes())
                .addAll(types())
                .addAll(elements())
                .build();
    }

    private static Kind dictionary(String name, String header, String because) {
        return new Kind(name, npy(header, "01 02"), "the header of the array " + because);
    }

    private static byte[] claiming(int version, long length, int there) {
        byte[] header = new byte[there];
        Arrays.fill(header, (byte) ' ');
        return npy(version, 0, length, header, new byte[0]);
    }

    private static ImmutableList<Kind> starts() {
        byte[] good = npy(header("|i1", "(2,)"), "01 02");
        byte[] other = good.clone();
        other[5] = 'Z';
        byte[] wide = npy(2, header("|i1", "(2,)"), "01 02");
        byte[] utf = npy(3, "{'descr': [('\u00e9', '<f4')], 'fortran_order': False, 'shape': (), }", "00000000");
        utf[12 + 13] = (byte) 0xff;
        return ImmutableList.of(
                new Kind("nothing", new byte[0], "the array has 0 bytes; an npy file has 10" + CUT),
                new Kind("no length", Arrays.copyOf(good, 9), "the array has 9 bytes; an npy file has 10" + CUT),
                new Kind("half a length", Arrays.copyOf(wide, 10), "the array has 10 bytes; an npy file has 12" + CUT),
                new Kind("half a header", Arrays.copyOf(good, 30), "the array has 30 bytes; an npy file has 67" + CUT),
                new Kind(
                        "other letters",
                        other,
                        "the array does not begin with 0x93 and NUMPY; an npy file does; is it one?"),
                new Kind("version 0", npy(0, 0, 0, new byte[9], new byte[0]), "the array has version 0.0" + VERSIONS),
                new Kind("version 4", npy(4, 0, 0, new byte[9], new byte[0]), "the array has version 4.0" + VERSIONS),
                new Kind("version 1.1", npy(1, 1, 9, new byte[9], new byte[0]), "the array has version 1.1" + VERSIONS),
                new Kind(
                        "version 255",
                        npy(255, 255, 0, new byte[9], new byte[0]),
                        "the array has version 255.255" + VERSIONS),
                new Kind(
                        "4 GB of header",
                        claiming(2, 0xffff_ffffL, 0),
                        "the header of the array has 4294967295 bytes; the most is 10000 characters, as in NumPy"),
                new Kind(
                        "too many bytes",
                        claiming(3, 40_001, 40_001),
                        "the header of the array has 40001 bytes; the most is 10000 characters, as in NumPy"),
                new Kind(
                        "too many characters",
                        claiming(1, 10_001, 10_001),
                        "the header of the array has 10001 characters; the most is 10000 characters, as in NumPy"),
                new Kind("no UTF-8", utf, "the header of the array is not UTF-8; in version 3.0 it must be"));
    }

    private static ImmutableList<Kind> dictionaries() {
        String good = header("|i1", "(2,)");
        return ImmutableList.of(
                dictionary("an empty header", "", "has an end where it should have '{'" + DICTIONARY),
                dictionary("a list", "[1]", "has '[' where it should have '{'" + DICTIONARY),
                dictionary("an empty dictionary", "{}", "has the keys []" + KEYS),
                dictionary("no end", "{'shape': (2,), ", "has an end where it should have a text" + QUOTES),
                dictionary("a missing key", "{'shape': (2,), 'descr': '|i1'}", "has the keys [shape, descr]" + KEYS),
                dictionary("another key", "{'shape': (2,), 'order': 'C'}", "has the key 'order'" + KEYS),
                dictionary("a key twice", "{'shape': (2,), 'shape': (2,)}", "has the key 'shape' twice" + KEYS),
                dictionary("a number as a key", "{1: 2}", "has '1' where it should have a text" + QUOTES),
                dictionary("a key with a prefix", "{b'shape': (2,)}", "has 'b' where it should have a text" + QUOTES),
                dictionary(
                        "no colon",
                        "{'shape' (2,)}",
                        "has '(' where it should have ':'; it has a value after a key there"),
                dictionary(
                        "no comma",
                        "{'shape': (2,) 'descr': '|i1'}",
                        "has ''' where it should have ','; it has a comma between two, or an end, there"),
                dictionary("a text without an end", "{'shape\n': (2,)}", "has a text without an end" + QUOTES),
                dictionary("a backslash at the end", "{'shape\\", "has a text without an end" + QUOTES),
                dictionary("two dictionaries", good + good, "goes on after the dictionary; only blanks may follow"),
                dictionary("a zero byte", good + "\0", "goes on after the dictionary; only blanks may follow"),
                dictionary("a remark", "{# 'shape'\n}", "has '#' where it should have a text" + QUOTES));
    }

    private static ImmutableList<Kind> values() {
        String open = "{'descr': '|i1', 'shape': (2,), 'fortran_order': ";
        String descr = "{'fortran_order': False, 'shape': (2,), 'descr': ";
        return ImmutableList.of(
                dictionary("a number as a truth value", open + "0}", "has fortran_order '0'; it is True or False"),
                dictionary("a small letter", open + "false}", "has fortran_order 'false'; it is True or False"),
                dictionary("a letter more", open + "Falsey}", "has fortran_order 'Falsey'; it is True or False"),
                dictionary(
                        "a number as a type",
                        descr + "8}",
                        "has a descr that begins with '8'; it is a text such as '<f8', or a list of fields"),
                dictionary(
                        "None as a type",
                        descr + "None}",
                        "has a descr that begins with 'N'; it is a text such as '<f8', or a list of fields"),
                dictionary(
                        "fields that are no literal",
                        descr + "[('a', f8)]}",
                        "has 'f' where it should have a number" + WHOLE),
                dictionary(
                        "fields without a comma",
                        descr + "[('a' '<f8')]}",
                        "has ''' where it should have ','; it has a comma between two, or an end, there"),
                dictionary(
                        "fields of fields of fields",
                        descr + "[".repeat(3000) + "]".repeat(3000) + "}",
                        "has lists in lists deeper than 16; fields of fields of NumPy do not go as deep"));
    }

    private static Kind shape(String name, String shape, String because) {
        return new Kind(name, npy(header("|i1", shape), "01 02"), because);
    }

    private static ImmutableList<Kind> shapes() {
        String it = "the header of the array ";
        return ImmutableList.of(
                shape(
                        "a list of lengths",
                        "[2]",
                        it + "has '[' where it should have '('; it has a tuple of lengths as its shape there"),
                shape(
                        "a number",
                        "2",
                        it + "has '2' where it should have '('; it has a tuple of lengths as its shape there"),
                shape(
                        "no tuple",
                        "(2)",
                        it + "has a number in parentheses as its shape; a tuple of one length is written (3,)"),
                shape("a comma alone", "(,)", it + "has ',' where it should have a number" + WHOLE),
                shape("a length below 0", "(-2,)", it + "has '-' where it should have a number" + WHOLE),
                shape("a truth value", "(True,)", it + "has 'T' where it should have a number" + WHOLE),
                shape("a fraction", "(2.0,)", it + "has '.' in its shape; lengths are separated by commas"),
                shape("an underscore", "(1_0,)", it + "has '_' in its shape; lengths are separated by commas"),
                shape("two numbers", "(1 2,)", it + "has '2' in its shape; lengths are separated by commas"),
                shape("no end of lengths", "(1, 2", it + "has '}' where it should have a number" + WHOLE),
                shape("zeros before", "(02,)", it + "has the number '02'" + NUMBERS),
                shape("beyond 2⁶³", "(9223372036854775808,)", it + "has the number '9223372036854775808'" + NUMBERS),
                shape(
                        "many digits",
                        "(0, " + "9".repeat(4000) + ")",
                        it + "has the number '" + "9".repeat(60) + "...'" + NUMBERS),
                new Kind(
                        "L in version 3",
                        npy(3, header("|i1", "(2L,)"), "01 02"),
                        it + "has 'L' in its shape; lengths are separated by commas"),
                new Kind(
                        "a product of 2⁶⁴",
                        npy(header("<f8", "(4611686018427387904, 4)"), ""),
                        "the array is <f8 (4611686018427387904, 4); that many bytes cannot be counted in 63 bits"),
                new Kind(
                        "a long axis",
                        npy(header("<f8", "(0, 3000000000)"), ""),
                        "the array is <f8 (0, 3000000000); an axis of an array has at most 2147483647 elements"),
                shape(
                        "65 axes",
                        "(" + "1, ".repeat(65) + ")",
                        "the array is |i1 (1, 1, 1, 1, 1, 1, 1, 1, ...) with 65 axes; arrays of NumPy have at most 64"));
    }

    private static ImmutableList<Kind> types() {
        ImmutableList.Builder<Kind> kinds = ImmutableList.builder();
        for (String type :
                new String[] {"", "<", "f", "<f3", "<g8", "f8 ", "<f8[s]", "<<f8", "float64", "?", "<b2", "é8"}) {
            boolean isLongDouble = type.equals("f") || type.equals("<f3") || type.equals("<f8[s]");
            kinds.add(new Kind(
                    "type " + type,
                    npy(header(type, "(2,)"), "01 02"),
                    "the array is " + type + " (2)"
                            + (isLongDouble
                                    ? "; arrays have no long doubles; in Python: np.save(file, a.astype('f8'))"
                                    : TYPES)));
        }
        return kinds.build();
    }

    private static ImmutableList<Kind> elements() {
        return ImmutableList.of(
                new Kind(
                        "too few bytes",
                        npy(header("<i2", "(2,)"), "01 02 03"),
                        "the array, <i2 (2), has 3 bytes after its header; it needs 4; it is cut off"),
                new Kind(
                        "too many bytes after it",
                        npy(header("<i2", "(2,)"), "01 02 03 04 05"),
                        "the array, <i2 (2), has 5 bytes after its header; it needs 4; nothing may follow the last element"),
                new Kind(
                        "a huge array",
                        npy(header("<f8", "(2147483647,)"), "01"),
                        "the array, <f8 (2147483647), has 1 bytes after its header; it needs 17179869176; it is cut off"),
                new Kind(
                        "another truth value",
                        npy(header("|b1", "(3,)"), "00 01 02"),
                        "element 2 of the array, |b1 (3), is the byte 2; a truth value is 0 or 1"),
                new Kind(
                        "a large number by columns",
                        // Element (0, 1) of two rows lies third.
                        npy(header("<u4", true, "(2, 2)"), "00000000 00000000 00000080 00000000"),
                        "element 1 of the array, <u4 (2, 2), is 2147483648" + FIT),
                new Kind(
                        "a small number of the other order",
                        npy(header(">i8", "(1,)"), "ffffffff7fffffff"),
                        "element 0 of the array, >i8 (1), is -2147483649" + FIT),
                new Kind(
                        "a pickle",
                        Bytes.concat(npy(header("|O", "(1,)"), ""), "\u0080\u0004.".getBytes(ISO_8859_1)),
                        "the array is |O (1); Python objects are a pickle, a program that runs when it is read; where it is"
                                + " trusted, in Python: np.save(file, np.load(old, allow_pickle=True).astype('f8'))"));
    }
}
