package dev.clew.internal.runtime.product;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.clew.internal.runtime.GeneratedClass;
import dev.clew.internal.runtime.GeneratedClasses;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;

/** The generated classes of products, shared by equal ones. */
final class ProductClasses {
    private static final GeneratedClasses<ProductTileCode.Shape, ProductTile> TILES = new GeneratedClasses<>();
    private static final GeneratedClasses<ProductCopyCode.Shape, ProductCopy> COPIES = new GeneratedClasses<>();

    private ProductClasses() {}

    static ProductTile tile(ProductTileCode.Shape shape) {
        return TILES.get(shape, of -> GeneratedClass.instance(ProductTile.class, ProductTileCode.write(of)));
    }

    static ProductCopy copy(ProductCopyCode.Shape shape) {
        return COPIES.get(shape, of -> GeneratedClass.instance(ProductCopy.class, ProductCopyCode.write(of)));
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
