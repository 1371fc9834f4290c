package dev.clew.io;

import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an element of an npy file is.
 *
 * @param name as the file has it, {@code <f8}
 * @param element none if arrays cannot hold it
 * @param rule why not, and what converts it
 */
record NpyType(String name, Optional<ElementType> element, ByteOrder order, String rule) {
    private static final int SHOWN = 60;
    private static final Pattern CODE = Pattern.compile("([<>=|]?)([a-zA-Z])([0-9]*)(\\[.*])?");
    private static final Map<String, ElementType> ELEMENTS = Map.ofEntries(
            Map.entry("f8", ElementType.F64),
            Map.entry("f4", ElementType.F32),
            Map.entry("f2", ElementType.F16),
            Map.entry("i8", ElementType.I64),
            Map.entry("i4", ElementType.I32),
            Map.entry("i2", ElementType.I16),
            Map.entry("i1", ElementType.I8),
            Map.entry("u8", ElementType.U64),
            Map.entry("u4", ElementType.U32),
            Map.entry("u2", ElementType.U16),
            Map.entry("u1", ElementType.U8),
            Map.entry("b1", ElementType.BOOL));

    /** Of what NumPy writes for it; numbers without an order have that of the machine, as there. */
    static NpyType of(String name) {
        Matcher code = CODE.matcher(name);
        if (!code.matches()) {
            return refused(name, unknown());
        }
        ElementType element = code.group(4) == null ? ELEMENTS.get(code.group(2) + code.group(3)) : null;
        if (element == null) {
            return refused(name, rule(code.group(2), code.group(3)));
        }
        ByteOrder order = switch (code.group(1)) {
            case "<" -> ByteOrder.LITTLE_ENDIAN;
            case ">" -> ByteOrder.BIG_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
        return new NpyType(name, Optional.of(element), order, "");
    }

    /** Of a list of fields. */
    static NpyType structured(String name) {
        return refused(
                name,
                "its elements have several fields, and those of arrays one number; in Python:"
                        + " np.savez(file, **{name: a[name] for name in a.dtype.names})");
    }

    /** As errors name it: whoever has made a file may have given it many fields. */
    String brief() {
        return name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "...";
    }

    private static NpyType refused(String name, String rule) {
        return new NpyType(name, Optional.empty(), ByteOrder.nativeOrder(), rule);
    }

    private static String rule(String kind, String size) {
        return switch (kind) {
            case "O" ->
                "Python objects are a pickle, a program that runs when it is read; where it is trusted, in Python:"
                        + " np.save(file, np.load(old, allow_pickle=True).astype('f8'))";
            case "c" -> "arrays have no complex numbers; in Python: np.save(file, np.stack([a.real, a.imag], axis=-1))";
            case "f" -> "arrays have no long doubles; in Python: np.save(file, a.astype('f8'))";
            case "S", "a", "U" ->
                "arrays have no texts; in Python:"
                        + " np.save(file, np.unique(a, return_inverse=True)[1].reshape(a.shape)) numbers them";
            case "M" ->
                "arrays have no dates; in Python:"
                        + " np.save(file, (a - np.datetime64(0, 's')) / np.timedelta64(1, 's')) has seconds since 1970";
            case "m" -> "arrays have no durations; in Python: np.save(file, a / np.timedelta64(1, 's')) has seconds";
            case "V" -> nameless(size);
            default -> unknown();
        };
    }

    /** NumPy has no names for types of others, and writes how many bytes they take. */
    private static String nameless(String size) {
        String rule = "it is a type that NumPy does not know";
        return switch (size) {
            case "2" ->
                rule + ", such as bfloat16 of ml_dtypes; in Python:"
                        + " np.save(file, a.view(ml_dtypes.bfloat16).astype('f4'))";
            case "1" ->
                rule + ", such as float8_e4m3fn of ml_dtypes; in Python:"
                        + " np.save(file, a.view(ml_dtypes.float8_e4m3fn).astype('f4'))";
            default -> rule + "; in Python: np.save(file, np.frombuffer(a.tobytes(), 'u1')) has its bytes";
        };
    }

    private static String unknown() {
        return "NumPy writes no such type; those that arrays can hold are f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 b1 after < or > or |";
    }
}
