/**
 * Matrix products c = a·b and c = c + a·b, in the one order of sums that is part of their meaning.
 *
 * <p><b>In:</b> a {@code Product.Spec}: lengths, strides, transposes, type. <b>Out:</b> a {@code Product} in a plain and in a
 * vector form with the same bits, which {@code BatchedProduct} and {@code PackOperand} run as records.
 *
 * <p><b>Read</b> {@code Product}, with {@code ProductBlocks}; {@code ProductPlain}, {@code ProductRows} and {@code ProductNumbers},
 * the plain form; {@code ProductVector}, which goes through tiles in the order of {@code ProductTiling}; {@code ProductTile} with
 * {@code ProductTileCode}, the inner loop, and {@code ProductCopy} with {@code ProductCopyCode}, packing, as bytecode by {@code
 * ProductLanes}, {@code ProductStrides} and {@code ProductAddress}; {@code ProductPiece}, how a tile comes to c; {@code
 * ProductGathered}, large sums over a batch; {@code ProductClasses} and {@code ProductTrials}.
 */
@NullMarked
package dev.clew.internal.runtime.product;

import org.jspecify.annotations.NullMarked;
