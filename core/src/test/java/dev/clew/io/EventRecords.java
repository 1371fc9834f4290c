package dev.clew.io;

import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.internal.protobuf.MessageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an event file holds, with checksums by the bits of the polynomial, and no code of whoever writes it. */
final class EventRecords {
    /** Castagnoli's, reversed: RFC 3720, 12.1. */
    private static final int POLYNOMIAL = 0x82f63b78;

    private EventRecords() {}

    /** An event with what it tells of: {@code version "brain.Event:2"}, {@code start}, {@code scalar loss = 0.5}, ... */
    record Event(double time, long step, String told) {}

    record Histo(
            double least,
            double most,
            double number,
            double sum,
            double squares,
            List<Double> limits,
            List<Double> counts) {}

    static int checksum(byte[] bytes) {
        int checksum = -1;
        for (byte each : bytes) {
            checksum ^= each & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                checksum = checksum >>> 1 ^ ((checksum & 1) == 0 ? 0 : POLYNOMIAL);
            }
        }
        return ~checksum;
    }

    static int masked(byte[] bytes) {
        int checksum = checksum(bytes);
        return (checksum >>> 15 | checksum << 17) + 0xa282ead8;
    }

    static List<ByteBuffer> records(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            require(bytes.getInt() == masked(length), "checksum of a length");
            byte[] event = new byte
                    [Math.toIntExact(ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())];
            bytes.get(event);
            require(bytes.getInt() == masked(event), "checksum of an event");
            records.add(ByteBuffer.wrap(event));
        }
        return records;
    }

    static List<Event> events(Path file) throws IOException {
        List<Event> events = new ArrayList<>();
        for (ByteBuffer each : records(file)) {
            events.add(event(new MessageReader(each)));
        }
        return events;
    }

    private static Event event(MessageReader message) throws MalformedMessageException {
        double time = Double.NaN;
        long step = 0;
        String told = "";
        while (message.next()) {
            switch (message.field()) {
                case 1 -> time = message.wideReal();
                case 2 -> step = message.number();
                case 3 -> told = "version " + message.text();
                case 5 -> told = value(only(message.message(), 1).message());
                case 7 -> told = "session " + only(message.message(), 1).number();
                default -> require(false, "field " + message.field());
            }
        }
        return new Event(time, step, told);
    }

    private static MessageReader only(MessageReader message, int field) throws MalformedMessageException {
        require(message.next() && message.field() == field, "field " + field);
        return message;
    }

    private static String value(MessageReader value) throws MalformedMessageException {
        String tag = "";
        String told = "";
        while (value.next()) {
            switch (value.field()) {
                case 1 -> tag = value.text();
                case 2 -> told += "scalar " + tag + " = " + value.real();
                case 5 -> told += "histogram " + tag + " = " + histo(value.message());
                case 8 -> told += "tensor " + tag + " = " + tensor(value.message());
                case 9 -> told += metadata(value.message());
                default -> require(false, "field " + value.field());
            }
        }
        return told;
    }

    private static String tensor(MessageReader tensor) throws MalformedMessageException {
        String told = "";
        while (tensor.next()) {
            switch (tensor.field()) {
                case 1 -> told += "type " + tensor.number();
                case 2 -> told += tensor.message().next() ? " of an axis" : " of no axes";
                case 8 -> told += " '" + tensor.text() + "'";
                default -> require(false, "field " + tensor.field());
            }
        }
        return told;
    }

    private static String metadata(MessageReader metadata) throws MalformedMessageException {
        String told = "";
        while (metadata.next()) {
            switch (metadata.field()) {
                case 1 -> told += " for " + plugin(metadata.message());
                case 4 -> told += ", class " + metadata.number();
                default -> require(false, "field " + metadata.field());
            }
        }
        return told;
    }

    private static String plugin(MessageReader plugin) throws MalformedMessageException {
        String told = only(plugin, 1).text();
        if (!plugin.next()) {
            return told;
        }
        require(plugin.field() == 2, "content of a plugin");
        MessageReader info = only(plugin.message(), 3).message();
        while (info.next()) {
            require(info.field() == 1, "a hyperparameter");
            MessageReader entry = info.message();
            told += " " + only(entry, 1).text();
            require(entry.next() && entry.field() == 2, "a value");
            MessageReader value = entry.message();
            require(value.next(), "something of a value");
            told += switch (value.field()) {
                case 2 -> "=" + value.wideReal();
                case 3 -> "='" + value.text() + "'";
                case 4 -> value.number() == 1 ? "=yes" : "=no";
                default -> throw new AssertionError(value.field());
            };
        }
        return told;
    }

    private static Histo histo(MessageReader message) throws MalformedMessageException {
        double[] reals = new double[6];
        List<Double> limits = new ArrayList<>();
        List<Double> counts = new ArrayList<>();
        while (message.next()) {
            switch (message.field()) {
                case 1, 2, 3, 4, 5 -> reals[message.field()] = message.wideReal();
                case 6 -> doubles(message.bytes(), limits);
                case 7 -> doubles(message.bytes(), counts);
                default -> require(false, "field " + message.field());
            }
        }
        return new Histo(reals[1], reals[2], reals[3], reals[4], reals[5], limits, counts);
    }

    /** The histogram of an event that is one. */
    static Histo histo(ByteBuffer event) throws MalformedMessageException {
        return histo(of(of(of(new MessageReader(event), 5), 1), 5));
    }

    private static MessageReader of(MessageReader message, int field) throws MalformedMessageException {
        while (message.next()) {
            if (message.field() == field) {
                return message.message();
            }
        }
        throw new AssertionError("no field " + field);
    }

    private static void doubles(ByteBuffer bytes, List<Double> to) {
        while (bytes.hasRemaining()) {
            to.add(bytes.getDouble());
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not as it should be: " + what);
        }
    }
}
