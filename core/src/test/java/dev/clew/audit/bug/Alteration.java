package dev.clew.audit.bug;

import java.util.Random;

/** What nobody does to a term of a gradient for a known reason. */
public enum Alteration {
    POWER("raised to the power 1.5") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(x -> Math.copySign(Math.pow(Math.abs(x), 1.5), x));
        }
    },
    SQUARED("squared") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(x -> x * x);
        }
    },
    CUBED("cubed") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(x -> x * x * x);
        }
    },
    MAGNITUDE("without its signs") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(Math::abs);
        }
    },
    SIGN("its signs only") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(Math::signum);
        }
    },
    ROOT("its root, signs kept") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(x -> Math.copySign(Math.sqrt(Math.abs(x)), x));
        }
    },
    CLIPPED("clipped to 0.01") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(x -> Math.clamp(x, -0.01, 0.01));
        }
    },
    SQUASHED("squashed by a sine") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(x -> Math.sin(3 * x));
        }
    },
    POSITIVE("where it is positive") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(x -> Math.max(x, 0));
        }
    },
    ROUNDED("rounded to one digit") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.map(x -> Math.rint(x * 10) / 10);
        }
    },
    NOISY("with noise added") {
        @Override
        Matrix of(Matrix term, int step) {
            Random random = new Random(step + 31L);
            return term.map(x -> x + 0.05 * random.nextGaussian());
        }
    },
    RANDOM_FACTORS("times a random factor for each element") {
        @Override
        Matrix of(Matrix term, int step) {
            Random random = new Random(77);
            return term.map(x -> x * random.nextDouble(0.5, 1.5));
        }
    },
    BY_UNIT("times a factor that grows with the unit") {
        @Override
        Matrix of(Matrix term, int step) {
            return placed(term, (i, j) -> term.get(i, j) * (1 + 0.1 * j));
        }
    },
    BY_STEP("times 1 + 0.01·(t + 2)") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.times(1 + 0.01 * (step + 2));
        }
    },
    FADING("times exp(−(t + 2)/10)") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.times(Math.exp(-(step + 2) / 10.0));
        }
    },
    ROTATED("rotated by one unit") {
        @Override
        Matrix of(Matrix term, int step) {
            return placed(term, (i, j) -> term.get(i, (j + 1) % term.width()));
        }
    },
    REVERSED("with its units in reverse") {
        @Override
        Matrix of(Matrix term, int step) {
            return placed(term, (i, j) -> term.get(i, term.width() - 1 - j));
        }
    },
    EXCHANGED_UNITS("with its first two units exchanged") {
        @Override
        Matrix of(Matrix term, int step) {
            return placed(term, (i, j) -> term.get(i, j < 2 ? 1 - j : j));
        }
    },
    REVERSED_ROWS("with its rows in reverse") {
        @Override
        Matrix of(Matrix term, int step) {
            return placed(term, (i, j) -> term.get(term.height() - 1 - i, j));
        }
    },
    TURNED_BLOCK("with its upper left block transposed") {
        @Override
        Matrix of(Matrix term, int step) {
            return placed(term, (i, j) -> i < 2 && j < 2 ? term.get(j, i) : term.get(i, j));
        }
    },
    WITHOUT_LAST("without its last unit") {
        @Override
        Matrix of(Matrix term, int step) {
            return placed(term, (i, j) -> j == term.width() - 1 ? 0 : term.get(i, j));
        }
    },
    CENTERED("minus the mean of its units") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.minus(term.sumOfColumns().times(1.0 / term.width()));
        }
    },
    NORMALIZED("divided by its norm") {
        @Override
        Matrix of(Matrix term, int step) {
            return term.times(1 / (1e-3 + Math.sqrt(term.map(x -> x * x).sum())));
        }
    };

    private final String label;

    Alteration(String label) {
        this.label = label;
    }

    /** What the term becomes at a step. */
    abstract Matrix of(Matrix term, int step);

    /** A number of a place. */
    @FunctionalInterface
    private interface Place {
        double at(int i, int j);
    }

    private static Matrix placed(Matrix term, Place place) {
        double[][] rows = new double[term.height()][term.width()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = place.at(i, j);
            }
        }
        return new Matrix(rows);
    }

    @Override
    public String toString() {
        return label;
    }
}
