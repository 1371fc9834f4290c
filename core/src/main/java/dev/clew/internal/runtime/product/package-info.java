/**
 * Matrix products c = a·b and c = c + a·b, in the one order of sums that is part of their meaning.
 *
 * <p><b>In:</b> a {@code Product.Spec}: lengths, strides, transposes, type. <b>Out:</b> a {@code Product} in a plain and in a
 * vector form with the same bits, which {@code BatchedProduct} and {@code PackOperand} run as records.
 *
 * <p>The vector form computes a tile of c at a time, some rows by some vectors, whose sums stay in registers while it goes along k.
 * A right operand that does not lie so is packed once: the columns of a tile row by row, so that the tile reads it from end to end.
 *
 * <p><b>Read</b> {@code Product}, with {@code ProductBlocks}; {@code ProductPlain}, {@code ProductRows} and {@code ProductNumbers},
 * the plain form; {@code ProductVector}, which goes through tiles in the order of {@code ProductTiling}; {@code ProductTile} with
 * {@code ProductTileCode}, the inner loop, and {@code ProductCopy} with {@code ProductCopyCode}, packing, as bytecode by {@code
 * ProductLanes}, {@code ProductStrides} and {@code ProductAddress}; {@code ProductPiece}, a tile at the edge of c, or one that is
 * added to it; {@code ProductGathered}, products over a long batch, whose operands are gathered so that they do not fight for the
 * cache; {@code ProductClasses}, which finds equal generated classes, and {@code ProductTrials}, which has them compiled.
 */
@NullMarked
package dev.clew.internal.runtime.product;

import org.jspecify.annotations.NullMarked;
