package dev.clew.io;

import static dev.clew.io.NpyRecipe.header;
import static dev.clew.io.NpyRecipe.npy;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Bytes;
import dev.clew.io.MalformedNpy.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** Ways in which an npz file can be wrong, and what is said of each. */
final class MalformedNpz {
    /** 69 bytes and two elements. */
    private static final byte[] TWO = npy(header("|i1", "(2,)") + "  ", "01 02");

    private static final String DAMAGED = "; it is damaged";
    private static final String SAME = "; they must be the same, for readers believe either";

    private MalformedNpz() {}

    static ImmutableList<Kind> all() {
        return ImmutableList.<Kind>builder()
                .addAll(ends())
                .addAll(directories())
                .addAll(headers())
                .addAll(sizes())
                .addAll(contents())
                .build();
    }

    /** Two entries: bytes 0 to 105 and 106 to 211; the directory lies from 212 to 313. */
    private static Kind kind(String name, Consumer<ZipRecipe> change, String because) {
        return new Kind(
                name,
                ZipRecipe.of("a.npy", TWO, 0).with("b.npy", TWO, 0).but(change).bytes(),
                because);
    }

    private static Kind first(String name, Consumer<ZipRecipe.Entry> change, String because) {
        return kind(name, zip -> change.accept(zip.first()), because);
    }

    private static Kind deflated(String name, byte[] content, Consumer<ZipRecipe.Entry> change, String because) {
        ZipRecipe recipe = ZipRecipe.of("a.npy", content, 8);
        change.accept(recipe.first());
        return new Kind(name, recipe.bytes(), because);
    }

    private static ImmutableList<Kind> ends() {
        byte[] good = ZipRecipe.of("a.npy", TWO, 0).bytes();
        String rule = "; an npz file is one; it is cut off, or of another kind";
        return ImmutableList.of(
                new Kind("an npy file", TWO, "it has no end of a zip file" + rule),
                kind(
                        "another disk",
                        zip -> zip.disk = 1,
                        "it is part of a zip file on several disks; it must be one file"),
                kind(
                        "counts of 64 bits that are not there",
                        zip -> zip.isOpen = true,
                        "the end of the zip file counts in 64 bits, but has no record of them" + DAMAGED),
                kind(
                        "a record of 64 bits elsewhere",
                        zip -> {
                            zip.isWide = true;
                            zip.wideSign++;
                            zip.wideMore = 5;
                        },
                        "the end of the zip file has a record of 64 bits, which is not where it says" + DAMAGED),
                kind(
                        "two ends that differ",
                        zip -> {
                            zip.isWide = true;
                            zip.wideEntriesMore = 1;
                        },
                        "the two ends of the zip file say 2 entries in 102 bytes from 212 on, and 3 entries in 102 bytes from"
                                + " 212 on; they must say the same, for readers believe either"),
                kind(
                        "a directory beyond the file",
                        zip -> zip.offsetMore = 1000,
                        "its directory has 102 bytes from 1212 on, but ends at 314; it is cut off or damaged"),
                kind(
                        "a directory larger than the file",
                        zip -> zip.sizeMore = 1000,
                        "its directory has 1102 bytes from 212 on, but ends at 314; it is cut off or damaged"),
                kind(
                        "more entries than bytes",
                        zip -> zip.entriesMore = 9,
                        "its directory of 102 bytes would have 11 entries; each has at least 46"),
                new Kind("cut off", Arrays.copyOf(good, good.length - 1), "it has no end of a zip file" + rule),
                new Kind(
                        "something after it",
                        Arrays.copyOf(good, good.length + 1),
                        "it has no end of a zip file" + rule),
                new Kind("nothing", new byte[0], "it has no end of a zip file" + rule));
    }

    private static ImmutableList<Kind> directories() {
        return ImmutableList.of(
                kind(
                        "fewer entries",
                        zip -> zip.entriesMore = -1,
                        "its directory has 51 bytes after its 1 entries; nothing may follow them"),
                kind(
                        "an entry more that does not fit",
                        zip -> {
                            zip.entries.getLast().extraThere = new byte[40];
                            zip.entriesMore = 1;
                        },
                        "its directory ends in entry 2" + DAMAGED),
                kind(
                        "a directory elsewhere",
                        zip -> zip.offsetMore = -10,
                        "entry 'b.npy' has 71 bytes from 116 on and holds 71; it must end before the directory, which begins at"
                                + " 212"),
                first(
                        "no sign of an entry",
                        each -> each.signThere++,
                        "its directory has no entry 0 where it should be" + DAMAGED),
                first(
                        "sizes of 64 bits that are not there",
                        each -> each.sizeThere = ZipRecipe.ALL_ONES,
                        "entry 'a.npy' has sizes of 64 bits in its directory, which are not there" + DAMAGED),
                first(
                        "a size beyond 2⁶³",
                        each -> {
                            each.sizeThere = ZipRecipe.ALL_ONES;
                            each.extraThere = ZipRecipe.wide(-1);
                        },
                        "entry 'a.npy' has 71 bytes from 0 on and holds -1; it must end before the directory, which begins at 212"),
                first(
                        "an entry beyond the directory",
                        each -> each.compressedThere = 1000,
                        "entry 'a.npy' has 1000 bytes from 0 on and holds 71; it must end before the directory, which begins at"
                                + " 212"),
                kind(
                        "a name twice",
                        zip -> zip.entries.getLast().name("a.npy"),
                        "two entries are named 'a.npy'; names must differ, for readers keep either of two"),
                first(
                        "no UTF-8",
                        each -> each.nameThere = "\u00e9.npy".getBytes(StandardCharsets.ISO_8859_1),
                        "the name of entry 0 is not UTF-8; NumPy writes names in UTF-8"),
                first(
                        "a character 0",
                        each -> each.name("\0.npy"),
                        "the name of entry 0 has a character 0; names have none, for readers cut them there"),
                kind(
                        "one in another",
                        zip -> zip.entries.getLast().offset = 80,
                        "entry 'a.npy' has 71 bytes from 0 on, but the next one begins at 80; entries must not overlap"),
                kind(
                        "two in one place",
                        zip -> zip.entries.getLast().offset = 0,
                        "entry 'a.npy' has 71 bytes from 0 on, but the next one begins at 0; entries must not overlap"));
    }

    private static ImmutableList<Kind> headers() {
        String other =
                "entry 'a.npy' has another method, size or check sum in its own header than in the directory" + SAME;
        return ImmutableList.of(
                first(
                        "no header",
                        each -> each.sign++,
                        "entry 'a.npy' has no header at 0, or not all of its bytes after it" + DAMAGED),
                first(
                        "another name",
                        each -> each.nameThere = "c.npy".getBytes(StandardCharsets.UTF_8),
                        "entry 'c.npy' has another name in its own header; readers believe either"),
                first("another method", each -> each.method = 8, other),
                first("another size", each -> each.size++, other),
                first("another compressed size", each -> each.compressed--, other),
                first("another check sum", each -> each.check++, other),
                first("no size of 64 bits", each -> each.size = ZipRecipe.ALL_ONES, other),
                first(
                        "another size of 64 bits",
                        each -> {
                            each.size = ZipRecipe.ALL_ONES;
                            each.extra = ZipRecipe.wide(72);
                        },
                        other),
                first(
                        "encrypted",
                        each -> each.flags = 1,
                        "entry 'a.npy' is encrypted; NumPy writes none; decrypt the file first"),
                first(
                        "another compression",
                        each -> each.methodThere = 12,
                        "entry 'a.npy' is compressed by method 12; NumPy writes 0, stored, and 8, deflated; write it with"
                                + " numpy.savez_compressed"));
    }

    private static ImmutableList<Kind> sizes() {
        byte[] zeros = new byte[1 << 20];
        String bomb = "; the directory is wrong, or the file was made to take much memory";
        return ImmutableList.of(
                first(
                        "stored and larger",
                        each -> each.sizeThere++,
                        "entry 'a.npy' would have 72 bytes in 71; as it is not compressed, they must be as many"),
                deflated(
                        "more than deflating makes",
                        TWO,
                        each -> {
                            each.held = new byte[100];
                            each.compressed(100);
                            each.size(0x7fff_ffff);
                        },
                        "entry 'a.npy' would have 2147483647 bytes in 100; deflating makes at most 1032 of one"),
                deflated(
                        "a bomb that hides its size",
                        Bytes.concat(TWO, zeros),
                        each -> each.size(TWO.length),
                        "entry 'a.npy' inflates to more than the 71 bytes that the directory says" + bomb),
                deflated(
                        "a bomb that says its size",
                        Bytes.concat(TWO, zeros),
                        each -> {},
                        "'a', |i1 (2), has 1048578 bytes after its header; it needs 2; nothing may follow the last element"),
                deflated(
                        "an array that is not there",
                        npy(header("<f8", "(1000000,)"), ""),
                        each -> {
                            each.held = Bytes.concat(
                                    ZipRecipe.deflated(npy(header("<f8", "(1000000,)"), "")), new byte[8000]);
                            each.compressed(each.held.length);
                            each.size(8_000_000 + npy(header("<f8", "(1000000,)"), "").length);
                        },
                        "entry 'a.npy' inflates to 73 bytes, and the directory says 8000073; they must be as many"),
                first(
                        "no size",
                        each -> {
                            each.size(0);
                            each.compressed(0);
                        },
                        "'a' has 0 bytes; an npy file has 10 before its elements here; it is cut off, or no npy file"));
    }

    private static ImmutableList<Kind> contents() {
        return ImmutableList.of(
                changed(),
                deflated(
                        "no deflated bytes",
                        TWO,
                        each -> Arrays.fill(each.held, (byte) 0xff),
                        "entry 'a.npy' does not inflate; its bytes are damaged"),
                endless(),
                deflated(
                        "bytes after the deflated ones",
                        TWO,
                        each -> {
                            each.held = Arrays.copyOf(each.held, each.held.length + 1);
                            each.compressed(each.held.length);
                        },
                        "entry 'a.npy' has bytes after what inflates; the directory is wrong, or the file was made to take much"
                                + " memory"),
                new Kind(
                        "no npy file",
                        ZipRecipe.of("a.npy", "a text file".getBytes(StandardCharsets.UTF_8), 0)
                                .bytes(),
                        "'a' does not begin with 0x93 and NUMPY; an npy file does; is it one?"),
                new Kind(
                        "half a header",
                        ZipRecipe.of("a.npy", Arrays.copyOf(TWO, 30), 8).bytes(),
                        "'a' has 30 bytes; an npy file has 69 before its elements here; it is cut off, or no npy file"),
                new Kind(
                        "a number that does not fit",
                        ZipRecipe.of("a.npy", npy(header("<u4", "(1,)"), "00000080"), 8)
                                .bytes(),
                        "element 0 of 'a', <u4 (1), is 2147483648; arrays of whole numbers are i32, which it does not fit"));
    }

    private static Kind endless() {
        byte[] held = ZipRecipe.deflated(TWO);
        int length = held.length - 3;
        return deflated(
                "deflated bytes without an end",
                TWO,
                each -> {
                    each.held = Arrays.copyOf(held, length);
                    each.compressed(length);
                },
                "entry 'a.npy' goes on inflating after its " + length + " bytes; it is damaged, or the directory is");
    }

    private static Kind changed() {
        byte[] bytes = TWO.clone();
        bytes[70]++;
        return first(
                "a changed element",
                each -> each.held = bytes,
                "entry 'a.npy' has the check sum " + check(bytes) + ", and " + check(TWO)
                        + " is written in the directory; its bytes were changed on the way");
    }

    private static String check(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return Long.toHexString(sum.getValue());
    }
}
