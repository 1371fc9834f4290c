package dev.clew.runtime;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Generated classes by what they were generated for, so that equal products share one that is compiled already. The least recently asked
 * for are forgotten; their classes live on in the products that have them.
 */
final class ProductClasses {
    private static final int MOST = 512;

    @SuppressWarnings("serial") // never serialized
    private static final Map<Object, Object> INSTANCES = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > MOST;
        }
    };

    private ProductClasses() {}

    static ProductTile tile(ProductTileCode.Shape shape) {
        return (ProductTile) instance(shape, () -> ProductTileCode.write(shape));
    }

    static ProductCopy copy(ProductCopyCode.Shape shape) {
        return (ProductCopy) instance(shape, () -> ProductCopyCode.write(shape));
    }

    private static Object instance(Object shape, Supplier<byte[]> code) {
        synchronized (INSTANCES) {
            return INSTANCES.computeIfAbsent(shape, _ -> define(code.get()));
        }
    }

    private static Object define(byte[] code) {
        try {
            return MethodHandles.lookup()
                    .defineHiddenClass(code, true)
                    .lookupClass()
                    .getConstructor()
                    .newInstance();
        } catch (IllegalAccessException
                | NoSuchMethodException
                | InstantiationException
                | InvocationTargetException e) {
            throw new IllegalStateException("a generated class of a product cannot be used", e);
        }
    }

    /** Begins a class that implements one interface of this package and has a constructor without parameters. */
    static void open(ClassBuilder type, Class<?> implemented) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withInterfaceSymbols(ClassDesc.ofDescriptor(implemented.descriptorString()))
                .withMethodBody(
                        INIT_NAME,
                        MTD_void,
                        ClassFile.ACC_PUBLIC,
                        code -> code.aload(0)
                                .invokespecial(CD_Object, INIT_NAME, MTD_void)
                                .return_());
    }
}
