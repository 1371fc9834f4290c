/** Arrays, the tensor graph and its gradients, and the plans that compute them. */
@SuppressWarnings("module") // The module that the engine is also open to is compiled after this one.
module dev.clew.core {
    requires com.google.common;
    requires com.google.gson;
    requires it.unimi.dsi.fastutil;
    requires jdk.management;
    requires static jdk.incubator.vector;
    requires static jdk.jfr;
    requires static transitive com.google.errorprone.annotations;
    requires static org.jspecify;

    uses dev.clew.tensor.Evaluator;

    provides dev.clew.tensor.Evaluator with
            dev.clew.internal.compile.run.CompilingEvaluator;

    exports dev.clew.array;
    exports dev.clew.audit;
    exports dev.clew.gradient;
    exports dev.clew.io;
    exports dev.clew.plan;
    exports dev.clew.tensor;
    exports dev.clew.internal.array to
            dev.clew.nn;
    exports dev.clew.internal.protobuf to
            dev.clew.nn;
    exports dev.clew.internal.tensor to
            dev.clew.nn;
}
