package dev.clew.internal.formula;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.formula.Formula.Primitive;

/** A node of a formula under construction; sharing a node means computing it once. */
public record Expression(Primitive primitive, ImmutableList<Expression> operands, double constant) {

    static Expression[] inputs(int arity) {
        Expression[] inputs = new Expression[arity];
        for (int i = 0; i < arity; i++) {
            inputs[i] = new Expression(Primitive.INPUT, ImmutableList.of(), i);
        }
        return inputs;
    }

    public static Expression constant(double number) {
        return new Expression(Primitive.CONSTANT, ImmutableList.of(), number);
    }

    private static Expression apply(Primitive primitive, Expression... operands) {
        return new Expression(primitive, ImmutableList.copyOf(operands), 0);
    }

    public Expression plus(Expression b) {
        return apply(Primitive.ADD, this, b);
    }

    public Expression plus(double b) {
        return plus(constant(b));
    }

    public Expression minus(Expression b) {
        return apply(Primitive.SUBTRACT, this, b);
    }

    public Expression minus(double b) {
        return minus(constant(b));
    }

    public Expression times(Expression b) {
        return apply(Primitive.MULTIPLY, this, b);
    }

    public Expression times(double b) {
        return times(constant(b));
    }

    public Expression div(Expression b) {
        return apply(Primitive.DIVIDE, this, b);
    }

    /** this·b + c with one rounding. */
    public Expression fma(Expression b, Expression c) {
        return apply(Primitive.FMA, this, b, c);
    }

    public Expression sqrt() {
        return apply(Primitive.SQRT, this);
    }

    public Expression abs() {
        return apply(Primitive.ABS, this);
    }

    public Expression negate() {
        return apply(Primitive.NEGATE, this);
    }

    public Expression min(Expression b) {
        return apply(Primitive.MIN, this, b);
    }

    public Expression max(Expression b) {
        return apply(Primitive.MAX, this, b);
    }

    public Expression less(Expression b) {
        return apply(Primitive.LESS, this, b);
    }

    public Expression lessOrEqual(Expression b) {
        return apply(Primitive.LESS_OR_EQUAL, this, b);
    }

    public Expression equalTo(Expression b) {
        return apply(Primitive.EQUAL, this, b);
    }

    /** 1 where two numbers differ or one is NaN, else 0. */
    public Expression notEqualTo(Expression b) {
        return equalTo(b).not();
    }

    /** 1 for 0 and 0 for 1. */
    public Expression not() {
        return constant(1).minus(this);
    }

    /** |this| with the sign of b. */
    public Expression copySign(Expression b) {
        return apply(Primitive.COPY_SIGN, this, b);
    }

    /** What is left of this after all whole multiples of b, with the sign of this. */
    public Expression remainder(Expression b) {
        return apply(Primitive.REMAINDER, this, b);
    }

    /** One of two where this is not 0, the other elsewhere. */
    public Expression select(Expression then, Expression otherwise) {
        return apply(Primitive.SELECT, this, then, otherwise);
    }

    public Expression powerOfTwo() {
        return apply(Primitive.POWER_OF_TWO, this);
    }

    public Expression exponent() {
        return apply(Primitive.EXPONENT, this);
    }

    public Expression fraction() {
        return apply(Primitive.FRACTION, this);
    }

    /** Piece number {@code this} of 2/π. */
    public Expression twoOverPi() {
        return apply(Primitive.TWO_OVER_PI, this);
    }

    /** c₀ + this·(c₁ + this·(c₂ + ...)), each step one fused multiply-add. */
    public Expression polynomial(double... coefficients) {
        Expression sum = constant(coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            sum = sum.fma(this, constant(coefficients[i]));
        }
        return sum;
    }
}
