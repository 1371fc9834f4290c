package dev.clew.internal.audit;

import dev.clew.array.Shape;
import dev.clew.audit.AuditedGradient;
import dev.clew.audit.AuditedGradient.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Arrays side by side. */
final class Comparison {
    private static final int SHOWN = 5;

    private Comparison() {}

    static AuditedGradient of(Target target, Shape shape, double[] right, double tolerance) {
        double[] yours = target.yours();
        boolean isRight = Scores.distance(yours, right) <= tolerance;
        List<Element> worst = isRight
                ? List.of()
                : IntStream.range(0, yours.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> apart(yours[i], right[i]))
                                .reversed())
                        .limit(SHOWN)
                        .map(i -> new Element(index(shape, i), yours[i], right[i]))
                        .toList();
        return new AuditedGradient(target.name(), shape, isRight, relative(yours, right), cosine(yours, right), worst);
    }

    private static double apart(double a, double b) {
        double apart = Math.abs(a - b);
        return Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart;
    }

    private static List<Integer> index(Shape shape, int flat) {
        List<Integer> index = new ArrayList<>();
        int rest = flat;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index.addFirst(rest % shape.length(axis));
            rest /= shape.length(axis);
        }
        return index;
    }

    /** ‖yours − right‖ / ‖right‖. */
    static double relative(double[] yours, double[] right) {
        double apart = 0;
        double size = 0;
        for (int i = 0; i < right.length; i++) {
            apart += (yours[i] - right[i]) * (yours[i] - right[i]);
            size += right[i] * right[i];
        }
        double relative = Math.sqrt(apart / size);
        return apart == 0 ? 0 : Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
    }

    private static double cosine(double[] yours, double[] right) {
        double product = 0;
        double a = 0;
        double b = 0;
        for (int i = 0; i < right.length; i++) {
            product += yours[i] * right[i];
            a += yours[i] * yours[i];
            b += right[i] * right[i];
        }
        return product / Math.sqrt(a) / Math.sqrt(b);
    }
}
