package dev.clew.io;

import com.google.common.primitives.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Zip files put together by hand, byte by byte, so that whatever they say can be made wrong. */
final class ZipRecipe {
    static final int ALL_ONES = -1;

    final List<Entry> entries = new ArrayList<>();
    byte[] before = {};
    byte[] comment = {};
    /** Added to what the end says. */
    int entriesMore;

    int sizeMore;
    int offsetMore;
    int disk;
    /** Whether there is a record of 64 bits, and what is added to the place where it is said to be. */
    boolean isWide;

    int wideMore;
    int wideEntriesMore;
    int wideSign = 0x06064b50;
    /** Whether the end of 32 bits leaves all to that record. */
    boolean isOpen;

    /** What is said of an entry, in its own header and, where it differs, in the directory. */
    static final class Entry {
        byte[] name;
        byte[] nameThere;
        int flags;
        int method;
        int methodThere;
        byte[] held;
        int check;
        int checkThere;
        int compressed;
        int compressedThere;
        int size;
        int sizeThere;
        byte[] extra = {};
        byte[] extraThere = {};
        int signThere = 0x02014b50;
        int sign = 0x04034b50;
        /** Where it is said to be; where it is, if below 0. */
        long offset = -1;

        Entry(String name, byte[] content, int method) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.nameThere = this.name;
            this.method = method;
            this.methodThere = method;
            this.held = method == 8 ? deflated(content) : content;
            this.size = content.length;
            this.sizeThere = size;
            this.compressed = held.length;
            this.compressedThere = compressed;
            CRC32 sum = new CRC32();
            sum.update(content);
            this.check = (int) sum.getValue();
            this.checkThere = check;
        }

        void name(String both) {
            name = both.getBytes(StandardCharsets.UTF_8);
            nameThere = name;
        }

        void size(int both) {
            size = both;
            sizeThere = both;
        }

        void compressed(int both) {
            compressed = both;
            compressedThere = both;
        }
    }

    static byte[] deflated(byte[] content) {
        try (Deflater deflater = new Deflater(9, true)) {
            deflater.setInput(content);
            deflater.finish();
            byte[] held = new byte[content.length + 64];
            return java.util.Arrays.copyOf(held, deflater.deflate(held));
        }
    }

    static ZipRecipe of(String name, byte[] content, int method) {
        return new ZipRecipe().with(name, content, method);
    }

    ZipRecipe with(String name, byte[] content, int method) {
        entries.add(new Entry(name, content, method));
        return this;
    }

    /** With something changed. */
    ZipRecipe but(Consumer<ZipRecipe> change) {
        change.accept(this);
        return this;
    }

    Entry first() {
        return entries.getFirst();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(before);
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (Entry each : entries) {
            int offset = all.size() - before.length;
            all.writeBytes(local(each));
            directory.writeBytes(central(each, each.offset < 0 ? offset : each.offset));
        }
        int begin = all.size() - before.length;
        all.writeBytes(directory.toByteArray());
        all.writeBytes(end(begin, directory.size()));
        return all.toByteArray();
    }

    private static byte[] local(Entry each) {
        byte[] fixed = buffer(30)
                .putInt(each.sign)
                .putShort((short) 45)
                .putShort((short) each.flags)
                .putShort((short) each.method)
                .putInt(0x00210000)
                .putInt(each.check)
                .putInt(each.compressed)
                .putInt(each.size)
                .putShort((short) each.name.length)
                .putShort((short) each.extra.length)
                .array();
        return Bytes.concat(fixed, each.name, each.extra, each.held);
    }

    private static byte[] central(Entry each, long offset) {
        byte[] fixed = buffer(46)
                .putInt(each.signThere)
                .putShort((short) 45)
                .putShort((short) 45)
                .putShort((short) each.flags)
                .putShort((short) each.methodThere)
                .putInt(0x00210000)
                .putInt(each.checkThere)
                .putInt(each.compressedThere)
                .putInt(each.sizeThere)
                .putShort((short) each.nameThere.length)
                .putShort((short) each.extraThere.length)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0)
                .putInt((int) offset)
                .array();
        return Bytes.concat(fixed, each.nameThere, each.extraThere);
    }

    private byte[] end(int begin, int size) {
        int count = entries.size() + entriesMore;
        byte[] wide = {};
        if (isWide) {
            wide = buffer(76)
                    .putInt(wideSign)
                    .putLong(44)
                    .putInt(45 << 16 | 45)
                    .putInt(disk)
                    .putInt(disk)
                    .putLong(count + wideEntriesMore)
                    .putLong(count + wideEntriesMore)
                    .putLong(size + sizeMore)
                    .putLong(begin + offsetMore)
                    .putInt(0x07064b50)
                    .putInt(0)
                    .putLong(begin + size + wideMore)
                    .putInt(1)
                    .array();
        }
        byte[] last = buffer(22)
                .putInt(0x06054b50)
                .putShort((short) disk)
                .putShort((short) disk)
                .putShort((short) (isOpen ? ALL_ONES : count))
                .putShort((short) (isOpen ? ALL_ONES : count))
                .putInt(isOpen ? ALL_ONES : size + sizeMore)
                .putInt(isOpen ? ALL_ONES : begin + offsetMore)
                .putShort((short) comment.length)
                .array();
        return Bytes.concat(wide, last, comment);
    }

    /** A field of 64 bits. */
    static byte[] wide(long... values) {
        ByteBuffer field = buffer(4 + 8 * values.length).putShort((short) 1).putShort((short) (8 * values.length));
        for (long each : values) {
            field.putLong(each);
        }
        return field.array();
    }
}
