package dev.clew.nn;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects what optimizers say, instead of printing it. */
@SuppressWarnings("exports") // Only tests see it.
public final class Warnings extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<String> messages = new ArrayList<>();

    private Warnings(Logger logger) {
        this.logger = logger;
    }

    public static Warnings collected() {
        return collected("dev.clew.nn.optimizer");
    }

    public static Warnings collected(String logger) {
        Warnings warnings = new Warnings(Logger.getLogger(logger));
        warnings.logger.addHandler(warnings);
        warnings.logger.setUseParentHandlers(false);
        return warnings;
    }

    public List<String> messages() {
        return messages;
    }

    @Override
    public void publish(LogRecord entry) {
        messages.add(entry.getLevel() + " " + MessageFormat.format(entry.getMessage(), entry.getParameters()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
