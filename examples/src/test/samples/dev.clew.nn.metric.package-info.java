void main() {
    NDArray scores = NDArray.of(new double[][] {{2, 0}, {0, 2}, {2, 0}, {2, 0}});
    var batches = Batches.of(scores, NDArray.of(new int[] {0, 1, 0, 1}), 2)
            .of(RandomKey.of(1), 0)
            .toList();
    // sample 1
}
