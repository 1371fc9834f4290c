/** Five recurrent networks in reading order, each beside its hand-written twin. */
module dev.clew.examples {
    requires com.google.common;
    requires com.google.gson;
    requires com.microsoft.onnxruntime;
    requires dev.clew.nn;
    requires info.picocli;
    requires jdk.httpserver;
    requires java.net.http;
    requires me.tongfei.progressbar;
    requires net.datafaker;
    requires static org.jspecify;

    opens dev.clew.examples to
            dev.clew.nn,
            info.picocli;
    opens dev.clew.examples.audit to
            dev.clew.nn,
            info.picocli;
    opens dev.clew.examples.forecast to
            dev.clew.nn,
            info.picocli;
    opens dev.clew.examples.names to
            dev.clew.nn,
            info.picocli;
    opens dev.clew.examples.onnx to
            dev.clew.nn,
            info.picocli;
    opens dev.clew.examples.recurrence to
            dev.clew.nn;
    opens dev.clew.examples.resume to
            dev.clew.nn,
            info.picocli;
    opens dev.clew.examples.serve to
            dev.clew.nn,
            info.picocli;
}
