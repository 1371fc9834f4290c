package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.GeneratedClass;
import dev.clew.internal.runtime.GeneratedClasses;

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
}
