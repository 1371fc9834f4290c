package dev.clew.internal.runtime.kernel;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.internal.formula.Formula;
import dev.clew.internal.runtime.kernel.Cluster.Step;
import dev.clew.internal.runtime.kernel.KernelNode.NoVectorForm;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import java.util.List;

/** Writes the steps of a cluster, and the steps of their formulas, as nodes of a vector kernel. */
final class KernelSteps {
    private final KernelGraph graph;
    /** What the lanes of masks are that come from memory or are constant. */
    private final DType maskLanes;

    KernelSteps(KernelGraph graph, DType maskLanes) {
        this.graph = graph;
        this.maskLanes = maskLanes;
    }

    /** The node of a value that is made element by element, of the nodes of all values. */
    int step(Step step, int[] values) {
        return switch (step) {
            case Step.Apply apply -> apply(apply, values);
            case Step.Add add -> sum(add, values);
            case Step.Cast cast -> graph.as(cast.to(), values[cast.operand()]);
            case Step.Constant constant ->
                constant.type() == DType.BOOL
                        ? graph.truth(maskLanes, constant.value() != 0)
                        : graph.constant(
                                constant.type(),
                                constant.type() == DType.I32 ? (int) constant.value() : constant.value());
            case Step.Sum sum -> throw new IllegalStateException(sum + " is not computed element by element");
            case Step.Max max -> throw new IllegalStateException(max + " is not computed element by element");
        };
    }

    private int sum(Step.Add add, int[] values) {
        if (!add.type().isFloating()) {
            throw new NoVectorForm("a sum of " + add.type());
        }
        int sum = values[add.operands().get(0)];
        for (int term : add.operands().between(1, add.operands().length()).toArray()) {
            sum = graph.apply(Op.ADD, sum, values[term]);
        }
        return sum;
    }

    private int apply(Step.Apply apply, int[] values) {
        DType arithmetic = apply.formula().arithmetic(apply.precision());
        List<Formula.Step> steps = apply.formula().steps(apply.precision());
        int most = apply.formula().arity();
        for (Formula.Step step : steps) {
            most = Math.max(most, step.target() + 1);
        }
        int[] registers = new int[most];
        IntTuple operands = apply.operands();
        for (int i = 0; i < operands.length(); i++) {
            registers[i] = operand(arithmetic, values[operands.get(i)]);
        }
        for (Formula.Step step : steps) {
            if (step.primitive() != Formula.Primitive.INPUT) {
                registers[step.target()] = primitive(step, registers, arithmetic);
            }
        }
        return graph.as(apply.result(), registers[steps.getLast().target()]);
    }

    /** What is wider than the arithmetic would be rounded later in the walk than here. */
    private int operand(DType arithmetic, int x) {
        if (graph.isMask(x) || graph.lanes(x) == arithmetic) {
            return x;
        }
        if (arithmetic != DType.F64) {
            throw new NoVectorForm(graph.lanes(x) + " in steps of " + arithmetic);
        }
        return graph.number(DType.F64, x);
    }

    // --------------------------------------------------------------------------------------------------- primitives

    private int primitive(Formula.Step step, int[] registers, DType type) {
        int a = registers[step.a()];
        int b = registers[step.b()];
        return switch (step.primitive()) {
            case INPUT -> throw new IllegalArgumentException("an input is not a step of its own");
            case CONSTANT -> graph.add(KernelNode.leaf(Op.CONSTANT, type, false, -1, constant(type, step.constant())));
            case ADD -> arithmetic(Op.ADD, type, a, b);
            case SUBTRACT -> graph.isMask(b) && isOne(a) ? graph.not(b) : arithmetic(Op.SUBTRACT, type, a, b);
            case MULTIPLY -> arithmetic(Op.MULTIPLY, type, a, b);
            case DIVIDE -> arithmetic(Op.DIVIDE, floating(type), a, b);
            case FMA -> fma(floating(type), a, b, registers[step.c()]);
            case SQRT -> graph.apply(Op.SQRT, graph.number(floating(type), a));
            case ABS -> graph.apply(Op.ABS, graph.number(type, a));
            case NEGATE -> graph.apply(Op.NEGATE, graph.number(type, a));
            case MIN -> extreme(Op.MIN, Op.AND, type, a, b);
            case MAX -> extreme(Op.MAX, Op.OR, type, a, b);
            case LESS -> compare(Op.LESS, type, a, b);
            case LESS_OR_EQUAL -> compare(Op.LESS_OR_EQUAL, type, a, b);
            case EQUAL -> compare(Op.EQUAL, type, a, b);
            case SELECT -> select(type, graph.truth(a), b, registers[step.c()]);
            case POWER_OF_TWO -> powerOfTwo(floating(type), a);
            case EXPONENT -> exponent(floating(type), a);
            case FRACTION -> graph.apply(Op.FRACTION, graph.number(floating(type), a));
            case COPY_SIGN -> graph.apply(Op.COPY_SIGN, graph.number(floating(type), a), graph.number(type, b));
            case REMAINDER, TWO_OVER_PI ->
                throw new NoVectorForm(step.primitive().toString());
        };
    }

    private int fma(DType type, int a, int b, int c) {
        return graph.fma(graph.number(type, a), graph.number(type, b), graph.number(type, c));
    }

    /** The exponent goes to the lowest bits of a sum, which are then shifted to its place. */
    private int powerOfTwo(DType type, int n) {
        int shift = graph.constant(type, type == DType.F32 ? 0x1.8p23 + 127 : 0x1.8p52 + 1023);
        return graph.apply(Op.POWER_OF_TWO, arithmetic(Op.ADD, type, n, shift));
    }

    /** The exponent's bits become the lowest of a number, of which 2⁵² is taken away (f32: 2²³). */
    private int exponent(DType type, int x) {
        int shift = graph.constant(type, type == DType.F32 ? 0x1p23 + 127 : 0x1p52 + 1023);
        return graph.apply(Op.SUBTRACT, graph.apply(Op.EXPONENT, graph.number(type, x)), shift);
    }

    private static double constant(DType type, double value) {
        if (type == DType.I32 && value != (int) value) {
            throw new NoVectorForm("a constant " + value + " among integers");
        }
        return type == DType.F32 ? (float) value : value;
    }

    private static DType floating(DType type) {
        if (!type.isFloating()) {
            throw new NoVectorForm("steps of floating-point numbers in " + type);
        }
        return type;
    }

    private boolean isOne(int x) {
        return graph.node(x).op() == Op.CONSTANT && graph.node(x).constant() == 1;
    }

    private int arithmetic(Op op, DType type, int a, int b) {
        return graph.apply(op, graph.number(type, a), graph.number(type, b));
    }

    private int extreme(Op op, Op logic, DType type, int a, int b) {
        return graph.isMask(a) && graph.isMask(b)
                ? graph.logic(logic, a, b)
                : graph.extreme(op, graph.number(type, a), graph.number(type, b));
    }

    private int compare(Op op, DType type, int a, int b) {
        if (!graph.isMask(a) || !graph.isMask(b)) {
            return graph.compare(op, graph.number(type, a), graph.number(type, b));
        }
        return switch (op) {
            case LESS -> graph.logic(Op.AND, graph.not(a), b);
            case LESS_OR_EQUAL -> graph.logic(Op.OR, graph.not(a), b);
            default -> graph.not(graph.logic(Op.XOR, a, b));
        };
    }

    private int select(DType type, int mask, int then, int otherwise) {
        return graph.isMask(then) && graph.isMask(otherwise)
                ? graph.blend(mask, then, otherwise)
                : graph.blend(mask, graph.number(type, then), graph.number(type, otherwise));
    }
}
