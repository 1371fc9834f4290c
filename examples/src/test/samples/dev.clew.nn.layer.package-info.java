void main() {
    var key = RandomKey.of(1);
    List<Tensor> inputs = Collections.nCopies(5, Tensor.ones(DType.F64, 4, 3));
    // sample 1
}
