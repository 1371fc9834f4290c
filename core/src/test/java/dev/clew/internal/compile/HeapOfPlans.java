package dev.clew.internal.compile;

import dev.clew.array.DType;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.run.Tape;
import java.util.ArrayList;
import java.util.List;

/** Compiles plans of networks and says what they take of the heap, and what they are estimated to take. */
public final class HeapOfPlans {
    private static final int PLANS = 4;

    private HeapOfPlans() {}

    public static void main(String[] arguments) {
        Nets.all().keySet().forEach(name -> compiled(name, 2)); // Loads the classes.
        heap();
        heap(); // What was only softly held while classes were loaded goes with the first.
        for (String name : Nets.all().keySet()) {
            for (int steps : new int[] {8, 30}) {
                measure(name, steps);
            }
        }
    }

    private static void measure(String name, int steps) {
        long before = heap();
        List<Object> plans = new ArrayList<>();
        long estimated = 0;
        for (int i = 0; i < PLANS; i++) {
            Object[] plan = compiled(name, steps);
            estimated += ((Tape) plan[1]).footprint();
            plans.add(plan);
        }
        long taken = heap() - before;
        System.out.println(taken + " bytes of " + plans.size() + " plans of " + name + ", " + steps
                + " steps, estimated " + estimated);
    }

    /** What is retained: a program, by which it is found, and its tape. */
    private static Object[] compiled(String name, int steps) {
        Nets.Net net = Nets.net(name, Nets.ofSize(DType.F64, 1, 4, 16), steps);
        Program program = Capture.of(net.outputs()).program();
        return new Object[] {program, Tape.of(Compiler.compile(program, Compiler.ALL))};
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
