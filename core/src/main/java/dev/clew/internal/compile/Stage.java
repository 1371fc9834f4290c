package dev.clew.internal.compile;

import com.google.errorprone.annotations.Immutable;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.rewrite.Simplify;
import dev.clew.internal.compile.verify.Verify;
import dev.clew.internal.compile.verify.VerifyMemory;
import dev.clew.internal.compile.verify.VerifyOverlay;
import dev.clew.internal.compile.verify.VerifyWritten;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One line of the {@link Pipeline}.
 *
 * @param name as it is shown and asked for
 * @param makes what is new after it, and so what is verified
 * @param work goes on from what the stages before have left
 */
record Stage(String name, Makes makes, Consumer<Compilation> work) {

    /** What a stage leaves: how it is verified, and shown. */
    enum Makes {
        /** Another program, or the same. */
        PROGRAM(
                (stage, before, left) -> Verify.program(stage, before, left.program()),
                left -> left.program().toString()),
        /** Units of a program, in whatever order. */
        UNITS(
                (stage, _, left) -> Verify.units(stage, left.schedule()),
                left -> left.schedule().describe()),
        /** Units in an order in which they can go. */
        ORDER(
                (stage, _, left) -> Verify.order(stage, left.schedule()),
                left -> left.schedule().describe()),
        /** Where values live. */
        PLACES((stage, _, left) -> VerifyMemory.homes(stage, left.program(), left.places()), Compilation::placesText),
        /** Records whose memory is not divided yet. */
        RECORDS((_, _, _) -> {}, left -> left.emitted().describe()),
        /** Records and their memory. */
        MEMORY(
                (stage, _, left) -> {
                    VerifyMemory.code(stage, left.code(), left.staying());
                    VerifyWritten.code(stage, left.code());
                    VerifyOverlay.code(stage, left.code());
                },
                left -> left.emitted().describe());

        private final Rules rules;
        private final Text text;

        Makes(Rules rules, Text text) {
            this.rules = rules;
            this.text = text;
        }

        void verify(String stage, Program before, Compilation left) {
            rules.hold(stage, before, left);
        }

        String text(Compilation left) {
            return text.of(left);
        }
    }

    /** What must hold of what a stage leaves of a program. */
    @Immutable
    @FunctionalInterface
    private interface Rules {
        void hold(String stage, Program before, Compilation left);
    }

    /** What a stage leaves, to be read. */
    @Immutable
    @FunctionalInterface
    private interface Text {
        String of(Compilation left);
    }

    /** A function of programs that is always applied. */
    static Stage of(String name, UnaryOperator<Program> pass) {
        return new Stage(name, Makes.PROGRAM, compilation -> compilation.take(pass.apply(compilation.program())));
    }

    /** A function of programs that belongs to something which may be left out. */
    static Stage of(String name, Pass option, UnaryOperator<Program> pass) {
        return new Stage(name, Makes.PROGRAM, compilation -> {
            if (compilation.does(option)) {
                compilation.take(pass.apply(compilation.program()));
            }
        });
    }

    /** A function of programs that is applied where bytes are short. */
    static Stage withinBytes(String name, UnaryOperator<Program> pass) {
        return new Stage(name, Makes.PROGRAM, compilation -> {
            if (compilation.isWithinBytes()) {
                compilation.take(pass.apply(compilation.program()));
            }
        });
    }

    /** Makes nodes one that have become equal, if the stage before has changed anything. */
    static Stage simplifyAfter(String name) {
        return new Stage("simplify after " + name, Makes.PROGRAM, compilation -> {
            if (compilation.hasChanged()) {
                compilation.take(Simplify.of(compilation.program()));
            }
        });
    }
}
