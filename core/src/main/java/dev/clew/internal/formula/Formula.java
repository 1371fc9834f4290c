package dev.clew.internal.formula;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Reference2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * What an elementwise operation computes, as a short straight-line program of exactly rounded steps.
 *
 * <p>A function such as tanh is an expression over a dozen {@link Primitive}s, each of which IEEE 754 rounds in one way
 * only. So whoever runs the program, element by element or sixteen at a time, gets the same bits. Calls into a
 * mathematics library would not: they differ between machines, and between compiled and interpreted code.
 *
 * <p>Every step is computed in {@code double} and, for f32, rounded to {@code float}: for one +, −, ×, ÷ or √ of two
 * floats that gives the correctly rounded float (Figueroa, When is Double Rounding Innocuous?, 1995); a fused
 * multiply-add is done in {@code float}. For i32 every step wraps around to 32 bits, as Java's {@code int} does.
 *
 * <p>A formula that is {@link #isWide wide} is computed in {@code double} for f32 too, and only its result is rounded.
 */
@Immutable
public final class Formula {
    private static final int BLOCK = 128;

    private final int arity;
    private final boolean isWide;

    // Made when first needed: a process uses few of all formulas there are.
    @SuppressWarnings("Immutable")
    private final Supplier<Program> f64;

    @SuppressWarnings("Immutable")
    private final Supplier<Program> f32;

    private Formula(int arity, boolean isWide, Definition definition) {
        this.arity = arity;
        this.isWide = isWide;
        this.f64 = Suppliers.memoize(() -> Program.of(arity, definition, DType.F64, DType.F64));
        DType constants = isWide ? DType.F64 : DType.F32;
        this.f32 = Suppliers.memoize(() -> Program.of(arity, definition, DType.F32, constants));
    }

    /** A formula of some inputs; the precision decides constants and lengths of series. */
    public static Formula of(int arity, Definition definition) {
        return new Formula(arity, false, definition);
    }

    /**
     * A formula that is computed in {@code double} for f32 too, and rounded once. For functions that are rarely used and
     * would be long in f32 steps; the precision only says how good the result must be.
     */
    public static Formula wide(int arity, Definition definition) {
        return new Formula(arity, true, definition);
    }

    /** Writes a function as an expression. */
    @FunctionalInterface
    public interface Definition {
        Expression define(DType precision, Expression... x);
    }

    /** The steps for a precision, in order. */
    public List<Step> steps(DType precision) {
        return program(precision).steps;
    }

    /** The number of inputs. */
    public int arity() {
        return arity;
    }

    /** Whether the steps for f32 are steps in {@code double}, of which the last is rounded. */
    public boolean isWide() {
        return isWide;
    }

    private Program program(DType precision) {
        return precision == DType.F32 ? f32.get() : f64.get();
    }

    /** Evaluates block by block; the inputs have the shape of the result. */
    public NDArray evaluate(DType precision, DType resultType, Shape shape, List<NDArray> inputs) {
        int width = Math.min(BLOCK, shape.elements());
        double[][] registers = registers(precision, width);
        return NDArray.build(resultType, shape, (block, from, count) -> {
            for (int start = 0; start < count; start += width) {
                int length = Math.min(width, count - start);
                for (int i = 0; i < arity; i++) {
                    inputs.get(i).load(registers[i], from + start, length);
                }
                System.arraycopy(run(precision, registers, length), 0, block, start, length);
            }
        });
    }

    /**
     * Blocks of {@code width} elements for {@link #run}: first one for every input, to be filled or replaced, then what the steps
     * write, with the constants in place.
     */
    public double[][] registers(DType precision, int width) {
        return program(precision).registers(width);
    }

    /**
     * Runs the steps over the first elements of the registers, and says which of them holds the results. They are not yet rounded
     * to the type of the result. The inputs' blocks are only read.
     */
    public double[] run(DType precision, double[][] registers, int count) {
        Program program = program(precision);
        program.run(arithmetic(precision), registers, count);
        return registers[program.result];
    }

    /** The type whose arithmetic the steps for a precision are in: of a wide formula for f32, f64. */
    public DType arithmetic(DType precision) {
        return precision == DType.F32 && isWide ? DType.F64 : precision;
    }

    /** What a step may do. Comparisons give 1 or 0. */
    public enum Primitive {
        INPUT,
        CONSTANT,
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        /** a·b + c with one rounding. */
        FMA,
        SQRT,
        ABS,
        NEGATE,
        /** The smaller; NaN if one is NaN; −0 is smaller than 0. */
        MIN,
        /** The larger; NaN if one is NaN; 0 is larger than −0. */
        MAX,
        LESS,
        LESS_OR_EQUAL,
        EQUAL,
        /** b where a is not 0, else c. */
        SELECT,
        /** 2ⁿ for an integer n from −1022 to 1023 (f32: −126 to 127); anything else is unspecified. */
        POWER_OF_TWO,
        /** e of a positive normal x = m·2ᵉ with 1 ≤ m &lt; 2. */
        EXPONENT,
        /** m of a positive normal x = m·2ᵉ with 1 ≤ m &lt; 2. */
        FRACTION,
        /** |a| with the sign of b. */
        COPY_SIGN,
        /** a − n·b, with n the quotient a/b rounded toward 0; exact, Java's {@code %}, and NaN by 0. */
        REMAINDER,
        /**
         * Bits 47a + 1 to 47a + 47 of 2/π after the binary point, as a number from 0 to 1, for an integer a from 0 to 24; anything else is
         * unspecified.
         */
        TWO_OVER_PI
    }

    /**
     * One step: {@code register[target] = primitive(register[a], register[b], register[c])}. A constant is the number
     * itself; an input is already in the register of its number.
     */
    @Immutable
    public record Step(Primitive primitive, int target, int a, int b, int c, double constant) {}

    /** How many inputs it has, and how many steps in each precision. */
    @Override
    public String toString() {
        return "Formula of " + arity + (arity == 1 ? " input: " : " inputs: ")
                + steps(DType.F64).size() + " steps in f64, " + steps(DType.F32).size() + " in f32"
                + (isWide ? ", computed in double for both" : "");
    }

    /** Steps with their registers assigned. Inputs come first, then constants (filled once), then reused registers. */
    @Immutable
    private static final class Program {
        private final ImmutableList<Step> steps;
        private final int registers;
        private final int result;

        private Program(ImmutableList<Step> steps, int registers, int result) {
            this.steps = steps;
            this.registers = registers;
            this.result = result;
        }

        static Program of(int arity, Definition definition, DType precision, DType constants) {
            Expression root = definition.define(precision, Expression.inputs(arity));
            List<Expression> order = new ArrayList<>();
            Reference2IntOpenHashMap<Expression> uses = new Reference2IntOpenHashMap<>();
            collect(root, order, uses);
            Reference2IntOpenHashMap<Expression> register = new Reference2IntOpenHashMap<>();
            int next = arity + leaves(arity, order, register);
            IntArrayList free = new IntArrayList();
            ImmutableList.Builder<Step> steps = ImmutableList.builder();
            for (Expression expression : order) {
                if (!register.containsKey(expression)) {
                    register.put(expression, free.isEmpty() ? next++ : free.popInt());
                }
                steps.add(step(expression, register, constants));
                for (Expression operand : expression.operands()) {
                    if (uses.addTo(operand, -1) == 1 && !operand.operands().isEmpty()) {
                        free.push(register.getInt(operand));
                    }
                }
            }
            return new Program(steps.build(), next, register.getInt(root));
        }

        /** Gives inputs and constants their registers, equal constants the same, and says how many constants there are. */
        private static int leaves(int arity, List<Expression> order, Reference2IntOpenHashMap<Expression> register) {
            Long2IntOpenHashMap constants = new Long2IntOpenHashMap();
            for (Expression leaf : order) {
                if (leaf.primitive() == Primitive.INPUT) {
                    register.put(leaf, (int) leaf.constant());
                } else if (leaf.primitive() == Primitive.CONSTANT) {
                    long bits = Double.doubleToLongBits(leaf.constant());
                    constants.putIfAbsent(bits, arity + constants.size());
                    register.put(leaf, constants.get(bits));
                }
            }
            return constants.size();
        }

        private static void collect(
                Expression root, List<Expression> order, Reference2IntOpenHashMap<Expression> uses) {
            for (Expression operand : root.operands()) {
                if (uses.addTo(operand, 1) == 0) {
                    collect(operand, order, uses);
                }
            }
            order.add(root);
        }

        private static Step step(
                Expression expression, Reference2IntOpenHashMap<Expression> register, DType precision) {
            int[] operand = new int[3];
            for (int i = 0; i < expression.operands().size(); i++) {
                operand[i] = register.getInt(expression.operands().get(i));
            }
            return new Step(
                    expression.primitive(),
                    register.getInt(expression),
                    operand[0],
                    operand[1],
                    operand[2],
                    precision == DType.F32 ? (float) expression.constant() : expression.constant());
        }

        double[][] registers(int width) {
            double[][] fresh = new double[registers][width];
            for (Step step : steps) {
                if (step.primitive == Primitive.CONSTANT) {
                    Arrays.fill(fresh[step.target], step.constant);
                }
            }
            return fresh;
        }

        void run(DType arithmetic, double[][] registers, int count) {
            // Counted, because an iterator is an allocation unless the loop is compiled in the right place.
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                boolean isLeaf = step.primitive == Primitive.INPUT || step.primitive == Primitive.CONSTANT;
                if (!isLeaf) {
                    Steps.run(arithmetic, step, registers, count);
                }
            }
        }
    }
}
