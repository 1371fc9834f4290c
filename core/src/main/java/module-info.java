/** Arrays, the tensor graph and its gradients. */
module dev.clew.core {
    requires transitive com.google.common;
    requires it.unimi.dsi.fastutil;
    requires static jdk.incubator.vector;
    requires static transitive com.google.errorprone.annotations;
    requires static org.jspecify;

    uses dev.clew.tensor.Evaluator;

    provides dev.clew.tensor.Evaluator with
            dev.clew.compile.Compiled;

    exports dev.clew.array;
    exports dev.clew.audit;
    exports dev.clew.compile;
    exports dev.clew.formula;
    exports dev.clew.gradient;
    exports dev.clew.tensor;
}
