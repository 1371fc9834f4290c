package dev.clew.nn.training;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.function.Predicate;

/** For how long it is trained: until the first of these. */
record Limits(
        OptionalInt epochs,
        OptionalLong steps,
        Optional<Duration> time,
        OptionalInt patience,
        Predicate<EpochReport> isEnough) {
    static final Limits ONE_EPOCH =
            new Limits(OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), OptionalInt.empty(), _ -> false);

    Limits withEpochs(int most) {
        return new Limits(OptionalInt.of(most), steps, time, patience, isEnough);
    }

    Limits withSteps(long most) {
        return new Limits(epochs, OptionalLong.of(most), time, patience, isEnough);
    }

    Limits withTime(Duration most) {
        return new Limits(epochs, steps, Optional.of(most), patience, isEnough);
    }

    Limits withPatience(int most) {
        return new Limits(epochs, steps, time, OptionalInt.of(most), isEnough);
    }

    Limits withEnough(Predicate<EpochReport> more) {
        return new Limits(epochs, steps, time, patience, isEnough.or(more));
    }

    /** Whether that was all. Where nothing is said of epochs, steps or time, one epoch is. */
    boolean isReached(long step, int epoch) {
        boolean isOpen = epochs.isEmpty() && steps.isEmpty() && time.isEmpty();
        return epoch >= epochs.orElse(isOpen ? 1 : Integer.MAX_VALUE) || step >= steps.orElse(Long.MAX_VALUE);
    }

    /**
     * How many steps there will be in all, if that is known.
     *
     * @param epochSize how many an epoch has, if that is known
     */
    Optional<Long> total(OptionalInt epochSize) {
        boolean isOpen = epochs.isEmpty() && steps.isEmpty() && time.isEmpty();
        long most = steps.orElse(Long.MAX_VALUE);
        if ((epochs.isPresent() || isOpen) && epochSize.isPresent()) {
            most = Math.min(most, (long) epochs.orElse(1) * epochSize.getAsInt());
        }
        return most == Long.MAX_VALUE ? Optional.empty() : Optional.of(most);
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        epochs.ifPresent(most -> text.add("at most " + most + " epochs"));
        steps.ifPresent(most -> text.add("at most " + most + " steps"));
        time.ifPresent(most -> text.add("at most " + Figures.of(most)));
        patience.ifPresent(most -> text.add("until no better for " + most + " epochs"));
        return text.length() == 0 ? "one epoch" : text.toString();
    }
}
