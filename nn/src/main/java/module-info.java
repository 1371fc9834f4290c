/** Layers, losses and optimizers. */
module dev.clew.nn {
    requires transitive dev.clew.core;
    requires com.google.common;
    requires com.google.gson;
    requires de.siegmar.fastcsv;
    requires it.unimi.dsi.fastutil;
    requires me.tongfei.progressbar;
    requires static net.datafaker;
    requires static org.jspecify;

    exports dev.clew.nn;
    exports dev.clew.nn.credit;
    exports dev.clew.nn.data;
    exports dev.clew.nn.dataset;
    exports dev.clew.nn.decode;
    exports dev.clew.nn.layer;
    exports dev.clew.nn.loss;
    exports dev.clew.nn.metric;
    exports dev.clew.nn.onnx;
    exports dev.clew.nn.optimizer;
    exports dev.clew.nn.sequence;
    exports dev.clew.nn.training;
    exports dev.clew.nn.weight;
}
