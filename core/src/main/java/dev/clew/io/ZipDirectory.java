package dev.clew.io;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the directory at the end of a zip file (PKWARE APPNOTE 6.3.10), which alone says what is in it: what lies between entries is not
 * looked at. What readers take in different ways is refused: entries of one name, and entries that overlap, as they do in bombs that
 * hold the same bytes many times.
 */
final class ZipDirectory {
    private static final int SIGN = 0x02014b50;
    private static final int FIXED = 46;

    private final Path file;
    private final FileChannel channel;
    private final ZipEnd end;
    private final Map<String, ZipPlace> places = new LinkedHashMap<>();

    private ZipDirectory(Path file, FileChannel channel, ZipEnd end) {
        this.file = file;
        this.channel = channel;
        this.end = end;
    }

    /** The entries by name, in the order of the directory. */
    static ImmutableMap<String, ZipPlace> read(Path file, FileChannel channel) throws IOException {
        ZipDirectory directory = new ZipDirectory(file, channel, ZipEnd.read(file, channel));
        directory.read();
        return directory.apart();
    }

    private void read() throws IOException {
        long at = end.begin();
        for (long i = 0; i < end.entries(); i++) {
            at = entry(at);
        }
        if (at != end.end()) {
            throw wrong(
                    "its directory has " + (end.end() - at) + " bytes after its " + end.entries() + " entries",
                    "nothing may follow them");
        }
    }

    /** Where the next begins. */
    private long entry(long at) throws IOException {
        if (end.end() - at < FIXED) {
            throw wrong("its directory ends in entry " + places.size(), "it is damaged");
        }
        ByteBuffer fixed = ZipEnd.bytes(file, channel, at, FIXED);
        int nameBytes = Short.toUnsignedInt(fixed.getShort(28));
        int extraBytes = Short.toUnsignedInt(fixed.getShort(30));
        long next = at + FIXED + nameBytes + extraBytes + Short.toUnsignedInt(fixed.getShort(32));
        if (fixed.getInt(0) != SIGN || next > end.end()) {
            throw wrong("its directory has no entry " + places.size() + " where it should be", "it is damaged");
        }
        ByteBuffer rest = ZipEnd.bytes(file, channel, at + FIXED, nameBytes + extraBytes);
        add(place(
                name(rest.slice(0, nameBytes)),
                fixed,
                rest.slice(nameBytes, extraBytes).order(rest.order())));
        return next;
    }

    private ZipPlace place(String name, ByteBuffer fixed, ByteBuffer extra) throws UnreadableFileException {
        ZipSizes sizes = ZipSizes.of(
                Integer.toUnsignedLong(fixed.getInt(24)),
                Integer.toUnsignedLong(fixed.getInt(20)),
                Integer.toUnsignedLong(fixed.getInt(42)),
                extra);
        if (!sizes.isComplete()) {
            throw wrong(shown(name) + " has sizes of 64 bits in its directory, which are not there", "it is damaged");
        }
        return new ZipPlace(
                name,
                Short.toUnsignedInt(fixed.getShort(8)),
                Short.toUnsignedInt(fixed.getShort(10)),
                fixed.getInt(16),
                sizes.compressed(),
                sizes.size(),
                sizes.offset(),
                0);
    }

    private void add(ZipPlace place) throws UnreadableFileException {
        long room = end.begin() - end.shift() - ZipEntrySource.FIXED;
        if (place.size() < 0
                || place.compressed() < 0
                || place.offset() < 0
                || place.offset() > room
                || place.compressed() > room - place.offset()) {
            throw wrong(
                    shown(place.name()) + " has " + place.compressed() + " bytes from " + (place.offset() + end.shift())
                            + " on and holds " + place.size(),
                    "it must end before the directory, which begins at " + end.begin());
        }
        ZipPlace shifted = new ZipPlace(
                place.name(),
                place.flags(),
                place.method(),
                place.check(),
                place.compressed(),
                place.size(),
                place.offset() + end.shift(),
                0);
        if (places.put(place.name(), shifted) != null) {
            throw wrong(
                    "two entries are named " + HeaderReader.shown(place.name()),
                    "names must differ, for readers keep either of two");
        }
    }

    private String name(ByteBuffer bytes) throws UnreadableFileException {
        try {
            String name = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            if (name.indexOf('\0') >= 0) {
                throw wrong(
                        "the name of entry " + places.size() + " has a character 0",
                        "names have none, for readers cut them there");
            }
            return name;
        } catch (CharacterCodingException error) {
            UnreadableFileException wrong =
                    wrong("the name of entry " + places.size() + " is not UTF-8", "NumPy writes names in UTF-8");
            wrong.initCause(error);
            throw wrong;
        }
    }

    /** Each with the begin of the one that lies after it, which it must not reach. */
    private ImmutableMap<String, ZipPlace> apart() throws UnreadableFileException {
        List<ZipPlace> byOffset = places.values().stream()
                .sorted(Comparator.comparingLong(ZipPlace::offset))
                .toList();
        for (int i = 0; i < byOffset.size(); i++) {
            ZipPlace place = byOffset.get(i);
            long next = i + 1 < byOffset.size() ? byOffset.get(i + 1).offset() : end.begin();
            if (next - place.offset() < ZipEntrySource.FIXED + place.compressed()) {
                throw wrong(
                        shown(place.name()) + " has " + place.compressed() + " bytes from " + place.offset()
                                + " on, but the next one begins at " + next,
                        "entries must not overlap");
            }
            places.put(place.name(), place.upTo(next));
        }
        return ImmutableMap.copyOf(places);
    }

    private static String shown(String name) {
        return "entry " + HeaderReader.shown(name);
    }

    private UnreadableFileException wrong(String what, String rule) {
        return new UnreadableFileException(file, what, rule);
    }
}
