package dev.clew.nn.credit;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;

/**
 * A way to a gradient through time. With D = ∂s'/∂s and I = ∂s'/∂θ of a step of the state s, J = ds/dθ is the influence of all steps
 * before; n is how many numbers the state of one sequence has, p how many the parameters have on which it depends.
 *
 * <table>
 * <caption>The ways</caption>
 * <tr><th>way</th><th>exact</th><th>memory</th><th>time of a step</th></tr>
 * <tr><td>{@link #bptt}</td><td>yes</td><td>all steps</td><td>that of a gradient</td></tr>
 * <tr><td>{@link #truncated}</td><td>no</td><td>k2 steps</td><td>k2/k1 gradients</td></tr>
 * <tr><td>{@link #realTime}</td><td>yes</td><td>n·p</td><td>n gradients, and n²·p</td></tr>
 * <tr><td>the same, if D is diagonal</td><td>yes</td><td>p</td><td>two gradients</td></tr>
 * <tr><td>{@link #sparse}</td><td>no</td><td>what is reached, p to n·p</td><td>n gradients by the state, and for each number kept as
 * many products as its parameter reaches units</td></tr>
 * <tr><td>{@link #unbiased}</td><td>in the mean</td><td>n + p</td><td>about three gradients</td></tr>
 * </table>
 *
 * <p>While parameters change along the stream, none of the ways that go forward is a gradient at one point any more: J holds what steps
 * before did with the parameters of then.
 */
public sealed interface Credit {
    /**
     * Backpropagation through time: the gradient of the graph of all steps since the stream began. Every gradient goes back to the
     * beginning, and all steps are computed again for it, with the parameters of now. Memory and time grow with the stream, until
     * {@link Online#restart}.
     */
    static Credit bptt() {
        return new Bptt();
    }

    /**
     * Truncated backpropagation through time, TBPTT(k1, k2) (Sutskever, 2013, section 2.8.6; Williams and Peng, 1990): every k1 steps,
     * the gradient of the losses of these k1 steps, back through the last k2 steps at most. Every loss counts once. The state before
     * these k2 steps is numbers.
     *
     * <p>If k2 = k1, no step is computed twice. If k2 > k1, <b>the k2 − k1 older steps are replayed</b>: computed again with the
     * parameters of now, from the numbers of the state before them, and the stream goes on from what comes out. The loss of the first of
     * k1 steps goes back through k2 − k1 + 1 steps, that of the last through k2.
     *
     * @param every k1
     * @param back k2
     * @throws IllegalArgumentException if k1 is not from 1 to k2
     */
    static Credit truncated(int every, int back) {
        return new Truncated(every, back);
    }

    /**
     * Real-time recurrent learning (Williams and Zipser, 1989): J' = D·J + I, and the gradient of a loss is ∂L/∂θ + ∂L/∂s·J. Exact, and
     * nothing of the past is kept but J. Shapes, of every sequence of a batch: J (n, p).
     *
     * <p>What of J is always 0 is not kept, if that is much. Where D and I can be other than 0 is found by trying: with random states,
     * inputs and parameters, until nothing new appears. Rows of D, or of I, that nothing reaches in common come from one sweep back for
     * all of them: if every unit goes by itself, J has as many numbers as there are parameters, and D and I come from one sweep. In every
     * step it is looked whether D and I are 0 where that was found, to 10⁻⁹ of the largest (10⁻⁴ in f32); if they are not, the step is
     * made again with all of J, and so are all later ones.
     */
    static Credit realTime() {
        return new RealTime();
    }

    /**
     * SnAp-n (Menick et al., 2020, arXiv 2006.07232): real-time recurrent learning that keeps of J only the elements that a parameter
     * reaches within n steps, J' = M∘(D·J + I) with M that of J after n steps from 0. SnAp-1 keeps what a parameter reaches at once;
     * it is exact if D is diagonal. If all parameters reach all units within n steps, or the sequence has no more than n, it is {@link
     * #realTime}. What makes the start of a stream counts as far as it reaches in n steps too.
     *
     * <p>What reaches what in a step is found and looked after as there; what appears later is not kept. A number of a parameter of which
     * nothing appears, such as a table row that no input asks for, is taken to reach all. If every parameter reaches one unit at once, I
     * takes one sweep; D takes n, unless it is as sparse.
     *
     * @throws IllegalArgumentException if n is not 1 or more
     */
    static Credit sparse(int steps) {
        return new Sparse(steps);
    }

    /**
     * Unbiased online recurrent optimization, UORO (Tallec and Ollivier, 2017, arXiv 1702.05043): J is kept as a product of two vectors
     * whose mean it is, h̃ (n, for all sequences of a batch together) and θ̃ (p), with random signs ν:
     *
     * <pre>
     * h̃' = ρ₀·D·h̃ + ρ₁·ν        ρ₀ = √((‖θ̃‖ + ε) / (‖D·h̃‖ + ε))
     * θ̃' = θ̃/ρ₀ + νᵀI/ρ₁        ρ₁ = √((‖νᵀI‖ + ε) / (‖ν‖ + ε))        ε = 10⁻⁷
     * </pre>
     *
     * The gradient of a loss is ∂L/∂θ + (∂L/∂s·h̃)·θ̃: right in the mean over ν, and far from it in any single draw. One jvp and one vjp
     * a step.
     *
     * @param key of the signs; those of a step are drawn with its number folded in
     */
    static Credit unbiased(RandomKey key) {
        return new Unbiased(key);
    }

    /** See {@link Credit#bptt}. */
    record Bptt() implements Credit {
        @Override
        public String toString() {
            return "BPTT";
        }
    }

    /**
     * See {@link Credit#truncated}.
     *
     * @param every k1: after how many steps there is a gradient
     * @param back k2: through how many steps it goes
     */
    record Truncated(int every, int back) implements Credit {
        /** Checks both. */
        public Truncated {
            if (every < 1 || back < every) {
                throw new IllegalArgumentException("truncated(k1 = " + every + ", k2 = " + back
                        + "): every k1 steps a gradient goes back k2 steps, so k1 is from 1 to k2;"
                        + " losses more than k2 steps ago would not count");
            }
        }

        /** How many steps of every gradient are computed again, with the parameters of now: k2 − k1. */
        public int replayed() {
            return back - every;
        }

        @Override
        public String toString() {
            return "TBPTT(k1=" + every + ", k2=" + back + ", "
                    + switch (replayed()) {
                        case 0 -> "no step replayed)";
                        case 1 -> "1 step replayed with the parameters of now)";
                        default -> replayed() + " steps replayed with the parameters of now)";
                    };
        }
    }

    /** See {@link Credit#realTime}. */
    record RealTime() implements Credit {
        @Override
        public String toString() {
            return "RTRL";
        }
    }

    /**
     * See {@link Credit#sparse}.
     *
     * @param steps n
     */
    record Sparse(int steps) implements Credit {
        /** Checks n. */
        public Sparse {
            if (steps < 1) {
                throw new IllegalArgumentException(
                        "sparse(" + steps + "): a parameter reaches a state in 1 step or more");
            }
        }

        @Override
        public String toString() {
            return "SnAp-" + steps;
        }
    }

    /** See {@link Credit#unbiased}. */
    record Unbiased(RandomKey key) implements Credit {
        /** With a key. */
        public Unbiased {
            Present.require("unbiased", key);
        }

        @Override
        public String toString() {
            return "UORO";
        }
    }
}
