package dev.clew.runtime;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.util.function.Supplier;

/**
 * Generated classes by what they were generated for, so that equal products share one that is compiled already. The least recently asked
 * for are forgotten; their classes live on in the products that have them.
 */
final class ProductClasses {
    private static final int MOST = 512;

    private static final Cache<Object, Object> INSTANCES =
            CacheBuilder.newBuilder().maximumSize(MOST).build();

    private ProductClasses() {}

    static ProductTile tile(ProductTileCode.Shape shape) {
        return (ProductTile) instance(shape, () -> ProductTileCode.write(shape));
    }

    static ProductCopy copy(ProductCopyCode.Shape shape) {
        return (ProductCopy) instance(shape, () -> ProductCopyCode.write(shape));
    }

    private static Object instance(Object shape, Supplier<byte[]> code) {
        return INSTANCES.asMap().computeIfAbsent(shape, _ -> KernelClass.instance(Object.class, code.get()));
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
