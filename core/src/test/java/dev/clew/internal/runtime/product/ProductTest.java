package dev.clew.internal.runtime.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.OtherJava;
import dev.clew.testing.Tries;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Every form of a product, on vectors of every width that this machine has, against the definition: the same bits. */
final class ProductTest {
    private static final List<DType> TYPES = List.of(DType.F32, DType.F64);

    private static Product.Spec spec(DType type, int m, int k, int n, boolean transposeA, boolean transposeB) {
        return new Product.Spec(
                type,
                m,
                n,
                k,
                transposeA,
                transposeA ? m : k,
                transposeB,
                transposeB ? k : n,
                n,
                Product.Start.NOTHING);
    }

    private static Product.Spec random(Random random, int m, int k, int n) {
        boolean transposeA = random.nextBoolean();
        boolean transposeB = random.nextBoolean();
        return new Product.Spec(
                TYPES.get(random.nextInt(TYPES.size())),
                m,
                n,
                k,
                transposeA,
                (transposeA ? m : k) + random.nextInt(3),
                transposeB,
                (transposeB ? k : n) + random.nextInt(3),
                n + random.nextInt(3),
                start(random, k));
    }

    private static Product.Start start(Random random, int k) {
        List<Product.Start> starts = starts(k);
        return starts.get(random.nextInt(starts.size()));
    }

    /** A product of more than one block does not go on with one. */
    private static List<Product.Start> starts(int k) {
        return k > 256 ? List.of(Product.Start.NOTHING, Product.Start.SUM) : List.of(Product.Start.values());
    }

    /** This product on all vectors that this machine has. */
    private static List<ProductVector> vectors(Product.Spec spec) {
        List<ProductVector> all = new ArrayList<>();
        for (int bits = Machine.LEAST_BITS; bits <= Machine.VECTOR_BITS; bits *= 2) {
            all.add(new ProductVector(spec, new ProductLanes(spec.type(), bits)));
        }
        return all;
    }

    private static void checkForms(Product.Spec spec, Random random, boolean special) {
        ProductCase product = new ProductCase(spec, random, special);
        product.check(Product.plain(spec), 1 + random.nextInt(3), "plain");
        for (ProductVector form : vectors(spec)) {
            product.check(form, 1 + random.nextInt(3), "vector");
        }
    }

    @Test
    void thereAreVectorsToTest() {
        assertThat(vectors(spec(DType.F64, 2, 2, 2, false, false))).isNotEmpty();
        assertThat(Product.vector(spec(DType.F32, 2, 2, 2, false, false))).isPresent();
    }

    @Property(tries = 600)
    void smallProducts(@ForAll Random random) {
        Product.Spec spec = random(random, random.nextInt(20), random.nextInt(12), random.nextInt(70));
        checkForms(spec, random, false);
    }

    @Property(tries = 150)
    void specialValues(@ForAll Random random) {
        Product.Spec spec = random(random, random.nextInt(12), random.nextInt(6), random.nextInt(40));
        checkForms(spec, random, true);
    }

    @Test
    void sizesAroundEveryEdgeOfTilesAndVectors() {
        Random random = new Random(7);
        for (DType type : TYPES) {
            for (int bits : new int[] {128, 256, 512}) {
                int lanes = new ProductLanes(type, bits).count();
                for (int n :
                        new int[] {1, lanes - 1, lanes, lanes + 1, 2 * lanes, 2 * lanes + 1, 4 * lanes, 4 * lanes + 1
                        }) {
                    for (int m : new int[] {1, 2, 3, 5, 6, 7, 8, 9, 17}) {
                        checkForms(spec(type, m, 2, n, random.nextBoolean(), random.nextBoolean()), random, false);
                    }
                }
            }
        }
    }

    @Test
    void nothingToAddGivesZerosOrWhatWasThere() {
        Random random = new Random(8);
        for (int[] size : new int[][] {{0, 0, 0}, {0, 3, 4}, {3, 0, 4}, {3, 4, 0}, {9, 0, 33}, {1, 0, 1}, {1, 1, 1}}) {
            for (int i = 0; i < Tries.times(16); i++) {
                checkForms(random(random, size[0], size[1], size[2]), random, false);
            }
        }
    }

    /** More than one block of k, of rows and of what is touched ahead. */
    @Test
    void largeProducts() {
        Random random = new Random(9);
        for (int[] size :
                new int[][] {{20, 1030, 300}, {22, 513, 520}, {1100, 129, 17}, {33, 300, 64}, {3, 600, 256}}) {
            for (int i = 0; i < Tries.times(2); i++) {
                Product.Spec spec = random(random, size[0], size[1], size[2]);
                ProductCase product = new ProductCase(spec, random, false);
                product.check(Product.plain(spec), 2, "plain");
                product.check(Product.vector(spec).orElseThrow(), 1 + i % 3, "vector");
            }
        }
    }

    /** Sums over a batch whose operands are copied block by block: blocks, rows and groups of panels that do not divide evenly. */
    @Test
    void gatheredProducts() {
        Random random = new Random(10);
        for (int[] size : new int[][] {{70, 259, 512, 0}, {67, 130, 544, 3}, {523, 257, 288, 256}}) {
            for (DType type : TYPES) {
                for (Product.Start start : starts(size[1])) {
                    int stride = size[2] + size[3];
                    Product.Spec spec = new Product.Spec(
                            type, size[0], size[2], size[1], true, size[0] + 1, false, stride, stride, start);
                    ProductCase product = new ProductCase(spec, random, false);
                    for (ProductVector form : vectors(spec)) {
                        product.check(form, 1 + random.nextInt(3), "gathered");
                    }
                }
            }
        }
    }

    @Property(tries = 100)
    void theDefinitionIsThatOfArrays(@ForAll Random random) {
        int m = random.nextInt(12);
        int k = random.nextInt(12);
        int n = random.nextInt(12);
        Product.Spec spec = spec(TYPES.get(random.nextInt(2)), m, k, n, random.nextBoolean(), random.nextBoolean());
        ProductCase product = new ProductCase(spec, random, random.nextBoolean());
        double[] left = new double[m * k];
        double[] right = new double[k * n];
        Arrays.setAll(left, i -> product.left(i / k, i % k));
        Arrays.setAll(right, i -> product.right(i / n, i % n));
        NDArray expected = NDArray.of(Shape.of(m, k), left)
                .cast(spec.type())
                .matmul(NDArray.of(Shape.of(k, n), right).cast(spec.type()));
        assertThat(product.result(product.expected())).isEqualTo(expected.toDoubles());
    }

    @Test
    void equalProductsShareTheirCode() {
        ProductLanes lanes = new ProductLanes(DType.F64, 128);
        ProductTile tile = ProductClasses.tile(new ProductTileCode.Shape(lanes, 3, 2, 8, 8, 32, 0));
        assertThat(ProductClasses.tile(new ProductTileCode.Shape(lanes, 3, 2, 8, 8, 32, 0)))
                .isSameAs(tile);
        assertThat(ProductClasses.tile(new ProductTileCode.Shape(lanes, 3, 2, 8, 8, 40, 0)))
                .isNotSameAs(tile);
    }

    @Test
    void outsideOfMemoryIsAnError() {
        Product.Spec spec = spec(DType.F64, 4, 4, 4, false, false);
        MemorySegment memory = Arena.ofAuto().allocate(1024, 64);
        for (Product product : List.of(Product.plain(spec), Product.vector(spec).orElseThrow())) {
            for (long wrong : new long[] {-8, 1024 - 8, 1L << 40}) {
                assertThatThrownBy(() -> product.run(memory, wrong, 0, 512, 0, 1))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> product.run(memory, 512, 0, wrong, 0, 1))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void impossibleSpecsSayWhy() {
        assertThatThrownBy(() -> spec(DType.I32, 1, 1, 1, false, false)).hasMessageContaining("i32");
        assertThatThrownBy(() -> spec(DType.F32, -1, 1, 1, false, false)).hasMessageContaining("negative");
        assertThatThrownBy(() -> new Product.Spec(DType.F32, 2, 2, 3, false, 2, false, 2, 2, Product.Start.NOTHING))
                .hasMessageContaining("stride 2 of a");
        assertThatThrownBy(() -> new Product.Spec(DType.F32, 1, 1, 257, false, 257, false, 1, 1, Product.Start.BLOCK))
                .hasMessage("product over 257 going on with a block: those are of at most 256");
    }

    /** A method that the first compiler takes at first, and gives up when it compiles it with a profile, may stay slow for ever. */
    @Test
    void theFirstCompilerTakesEveryTileAndNoCopy() throws Exception {
        String said = OtherJava.run(
                ProductTiles.class,
                "--add-modules=jdk.incubator.vector",
                "-Xbatch",
                "-XX:TieredStopAtLevel=3",
                "-XX:+PrintCompilation");
        assertThat(said).contains("ProductTileCode$$Tile").contains(ProductTiles.DONE);
        assertThat(said.lines().filter(line -> line.contains("SKIPPED") && line.contains("Tile")))
                .isEmpty();
        assertThat(said).contains("ProductCopyCode$$Copy");
        assertThat(said.lines().filter(line -> line.contains("$$Copy") && !line.contains("SKIPPED")))
                .hasSameSizeAs(said.lines()
                        .filter(line -> line.contains("$$Copy") && line.contains("SKIPPED"))
                        .toList());
    }

    @Test
    void withoutTheVectorApiThereIsThePlainForm() throws Exception {
        assertThat(OtherJava.run(ProductWithoutVectors.class)).contains(ProductWithoutVectors.DONE);
    }
}
