package dev.clew.internal.compile.verify;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.schedule.FuseRows;
import dev.clew.internal.compile.schedule.Schedule;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.internal.tensor.Unpick;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What every pass must leave behind: a legal program, or a legal schedule of one. Shapes and types are held to the rules of the
 * operations, which no pass has a hand in. It is done where assertions are on,
 * or with {@code -Dclew.verify=true}; else it costs nothing.
 */
public final class Verify {
    /** Where somebody suspects a wrong number. */
    public static final boolean IS_ASKED_FOR = Boolean.getBoolean("clew.verify");

    /** With assertions, or where somebody suspects a wrong number. */
    public static final boolean IS_ON = IS_ASKED_FOR || Verify.class.desiredAssertionStatus();

    private final String pass;
    private final Program program;
    /** For every node something of its shape and type. */
    private final Tensor[] stubs;

    private Verify(String pass, Program program) {
        this.pass = pass;
        this.program = program;
        this.stubs = new Tensor[program.size()];
    }

    /**
     * That a program is legal, takes the same leaves as another and gives outputs of the same shapes and types.
     *
     * @return true
     * @throws IllegalStateException that names the pass, the node and the rule
     */
    @SuppressWarnings("ReferenceEquality")
    public // A pass that changes nothing gives the same program back.
    static boolean program(String pass, Program before, Program after) {
        if (after == before) {
            return true;
        }
        legal(pass, after);
        new Verify(pass, after).interfaces(before);
        return true;
    }

    /** That a program is legal by itself. */
    public static boolean legal(String pass, Program program) {
        Verify verify = new Verify(pass, program);
        for (int i = 0; i < program.size(); i++) {
            verify.node(i);
        }
        verify.leaves();
        for (int i = 0; i < program.outputCount(); i++) {
            int output = program.output(i);
            if (output < 0 || output >= program.size()) {
                throw verify.illegal("output " + i + " is node " + output + " of " + program.size());
            }
        }
        return true;
    }

    private IllegalStateException illegal(String what) {
        return new IllegalStateException("after " + pass + ": " + what);
    }

    private String name(int node) {
        return "node " + node + " (" + program.node(node).describe() + ")";
    }

    // ------------------------------------------------------------------------------------------------------- nodes

    private void node(int i) {
        Node node = program.node(i);
        List<Tensor> inputs = inputs(i);
        stubs[i] = new Source.Input("", node.shape(), node.type()).on();
        int own = inputCount(node);
        int count = own + (node.isContinued() ? 1 : 0);
        if (inputs.size() != count) {
            throw illegal(name(i) + " has " + inputs.size() + " inputs, and its operation takes " + count);
        }
        if (node.isLiteral() && node.shape().rank() > 0) {
            throw illegal(name(i) + " is a literal, and those are single numbers");
        }
        phases(i);
        result(i, inputs.subList(0, own));
        if (node.isContinued() && !inputs.get(own).shape().equals(node.shape())) {
            throw illegal(name(i) + " goes on from " + name(node.input(own)) + ", of another shape");
        }
        windows(i);
    }

    /** Something of every input's shape and type, if all come before the node. */
    private List<Tensor> inputs(int i) {
        Node node = program.node(i);
        Tensor[] inputs = new Tensor[node.inputCount()];
        for (int input = 0; input < inputs.length; input++) {
            int from = node.input(input);
            if (from < 0 || from >= i) {
                throw illegal(name(i) + " comes before its input, node " + from);
            }
            inputs[input] = stubs[from];
        }
        return List.of(inputs);
    }

    private void phases(int i) {
        Node node = program.node(i);
        for (int input = 0; input < node.inputCount(); input++) {
            Node from = program.node(node.input(input));
            if (from.phase() > node.phase() && node.isComputed()) {
                throw illegal(name(i) + " is in phase " + node.phase() + ", before its input " + name(node.input(input))
                        + ", in phase " + from.phase());
            }
        }
    }

    /** How many inputs a node should have. */
    private static int inputCount(Node node) {
        return switch (node.op()) {
            case Source _ -> 0;
            case Unary _ -> 1;
            case Elementwise.Cast _ -> 1;
            case Elementwise.Where _ -> 3;
            case Elementwise.AddN _ -> Math.max(1, node.inputCount());
            case Binary _ -> 2;
            case Contraction.MatMul _ -> 2;
            case Reduction.Sum _, Reduction.Max _, Reduction.ArgMax _ -> 1;
            case Scan.LinearRecurrence _ -> 2;
            case SteppedRecurrence _ -> Math.max(2, node.inputCount());
            case Movement.Concat concat -> concat.starts().length();
            case Place place -> place.windows().size();
            case Movement.Broadcast _, Movement.Reshape _, Movement.Transpose _, Movement.Slice _ -> 1;
            case Selection.OneHot _, Selection.ArgSort _ -> 1;
            case Selection.Gather _, Selection.ScatterAdd _, Selection.Pick _, Unpick _ -> 2;
            case Custom _ -> node.inputCount();
        };
    }

    private void result(int i, List<Tensor> inputs) {
        Node node = program.node(i);
        Shape shape;
        DType type;
        try {
            boolean isCopy = node.op() instanceof Elementwise.AddN && inputs.size() == 1;
            type = isCopy ? inputs.getFirst().dtype() : node.op().dtype(inputs);
            shape = isCopy ? inputs.getFirst().shape() : node.op().shape(inputs);
        } catch (RuntimeException error) {
            throw new IllegalStateException(
                    "after " + pass + ": " + name(i) + " does not fit its inputs: " + error.getMessage(), error);
        }
        if (!shape.equals(node.shape()) || type != node.type()) {
            throw illegal(name(i) + " should be " + shape + " " + type + ", by its operation and inputs");
        }
    }

    /** What operations leave to those who make them: that windows lie within arrays, and the parts of a concat side by side. */
    private void windows(int i) {
        Node node = program.node(i);
        switch (node.op()) {
            case Movement.Slice slice ->
                window(i, Window.of(slice), program.node(node.input(0)).shape());
            case Place place -> placed(i, place);
            case Movement.Concat concat -> sideBySide(i, concat);
            case Movement.Broadcast _, Movement.Reshape _, Movement.Transpose _ -> {}
            case Elementwise _, Contraction _, Reduction _, Scan _, Selection _, Source _, Custom _ -> {}
        }
    }

    private void placed(int i, Place place) {
        Node node = program.node(i);
        for (int input = 0; input < node.inputCount(); input++) {
            Window window = place.windows().get(input);
            window(i, window, node.shape());
            Shape placed = program.node(node.input(input)).shape();
            if (!window.size().equals(placed)) {
                throw illegal(name(i) + " has a window of another shape than " + placed);
            }
        }
    }

    private void sideBySide(int i, Movement.Concat concat) {
        Node node = program.node(i);
        int end = 0;
        for (int part = 0; part < node.inputCount(); part++) {
            int start = concat.starts().get(part);
            if (start != end) {
                throw illegal(name(i) + " has part " + part + " at " + start + ", and the one before ends at " + end);
            }
            end += program.node(node.input(part)).shape().length(concat.axis());
        }
    }

    private void window(int i, Window window, Shape whole) {
        boolean isWithin = window.start().length() == whole.rank()
                && window.step().length() == whole.rank()
                && window.size().rank() == whole.rank();
        for (int axis = 0; isWithin && axis < whole.rank() && window.size().elements() > 0; axis++) {
            long first = window.start().get(axis);
            long last =
                    first + (window.size().length(axis) - 1L) * window.step().get(axis);
            isWithin = Math.min(first, last) >= 0 && Math.max(first, last) < whole.length(axis);
        }
        if (!isWithin) {
            throw illegal(name(i) + " has a window that reaches out of " + whole);
        }
    }

    // ------------------------------------------------------------------------------------------- leaves and outputs

    private void leaves() {
        BitSet numbered = new BitSet();
        for (int slot = 0; slot < program.leafCount(); slot++) {
            int leaf = program.leaf(slot);
            if (leaf < 0 || leaf >= program.size()) {
                throw illegal("leaf " + slot + " is node " + leaf + " of " + program.size());
            }
            if (!program.node(leaf).isLeaf()) {
                throw illegal("leaf " + slot + " is " + name(leaf) + ", which is computed");
            }
            if (numbered.get(leaf)) {
                throw illegal(name(leaf) + " is leaf " + slot + " and another");
            }
            numbered.set(leaf);
        }
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).isLeaf() && !numbered.get(i)) {
                throw illegal(name(i) + " is a leaf that nobody is asked for");
            }
        }
    }

    private void interfaces(Program before) {
        if (before.leafCount() != program.leafCount()) {
            throw illegal(before.leafCount() + " leaves have become " + program.leafCount());
        }
        for (int slot = 0; slot < program.leafCount(); slot++) {
            alike("leaf " + slot, before.node(before.leaf(slot)), program.leaf(slot));
        }
        if (before.outputCount() != program.outputCount()) {
            throw illegal(before.outputCount() + " outputs have become " + program.outputCount());
        }
        for (int i = 0; i < program.outputCount(); i++) {
            alike("output " + i, before.node(before.output(i)), program.output(i));
        }
    }

    private void alike(String what, Node was, int is) {
        Node node = program.node(is);
        boolean isAlike = was.shape().equals(node.shape())
                && was.type() == node.type()
                && (!was.isLeaf() || was.isParameter() == node.isParameter());
        if (!isAlike) {
            throw illegal(what + " was " + was.describe() + " and is " + name(is));
        }
    }

    // ---------------------------------------------------------------------------------------------------- schedules

    /** That every computed node is in one unit, and that units of several nodes are loops. */
    public static boolean units(String pass, Schedule schedule) {
        Verify verify = new Verify(pass, schedule.program());
        int[] unitOf = new int[schedule.program().size()];
        Arrays.fill(unitOf, -1);
        for (int unit = 0; unit < schedule.units().size(); unit++) {
            int before = -1;
            for (int member : schedule.units().get(unit).members()) {
                verify.member(unit, unitOf, before, member);
                before = member;
            }
            verify.loop(unit, schedule.units().get(unit).members());
        }
        for (int i = 0; i < unitOf.length; i++) {
            boolean isComputed = schedule.program().node(i).isComputed();
            if (isComputed && unitOf[i] < 0) {
                throw verify.illegal(verify.name(i) + " is in no unit");
            }
        }
        return true;
    }

    private void member(int unit, int[] unitOf, int before, int member) {
        if (member < 0 || member >= program.size()) {
            throw illegal("unit " + unit + " has node " + member + ", which does not exist");
        }
        if (!program.node(member).isComputed()) {
            throw illegal("unit " + unit + " has " + name(member) + ", which is not computed");
        }
        if (unitOf[member] >= 0) {
            throw illegal(name(member) + " is in the units " + unitOf[member] + " and " + unit);
        }
        if (member <= before) {
            throw illegal("unit " + unit + " has " + name(member) + " after node " + before);
        }
        unitOf[member] = unit;
    }

    private void loop(int unit, int... members) {
        if (members.length == 0) {
            throw illegal("unit " + unit + " is empty");
        }
        Shape shape = Shape.SCALAR;
        for (int member : members) {
            Node node = program.node(member);
            Shape over = node.isElementwise()
                    ? node.shape()
                    : node.inputCount() == 0
                            ? shape
                            : program.node(node.input(0)).shape();
            shape = over.elements() > shape.elements() || member == members[0] ? over : shape;
        }
        for (int member : members) {
            Node node = program.node(member);
            boolean isStep = node.isElementwise()
                    ? node.shape().equals(shape) || node.shape().equals(FuseRows.ofRows(shape))
                    : FuseRows.isAlongRows(program, node)
                            && program.node(node.input(0)).shape().equals(shape);
            if (members.length > 1 && !isStep) {
                throw illegal(
                        "unit " + unit + " is a loop over " + shape + ", and " + name(member) + " is no step of one");
            }
        }
    }

    /** The same, and that every unit comes after those whose results it needs. */
    public static boolean order(String pass, Schedule schedule) {
        units(pass, schedule);
        Program program = schedule.program();
        Verify verify = new Verify(pass, program);
        int[] unitOf = schedule.unitOf();
        int[] bases = program.bases();
        for (int unit = 0; unit < schedule.units().size(); unit++) {
            for (int member : schedule.units().get(unit).members()) {
                Node node = program.node(member);
                for (int input = 0; input < node.inputCount(); input++) {
                    int from = unitOf[bases[node.input(input)]];
                    if (from > unit) {
                        throw verify.illegal("unit " + unit + " with " + verify.name(member) + " needs "
                                + verify.name(node.input(input)) + " of unit " + from);
                    }
                }
            }
        }
        return true;
    }
}
