void main() {
    int before = Threads.count();
    try (ExecutorService pool = Executors.newFixedThreadPool(7)) {
        // sample 1
        assertThat(Threads.count()).isEqualTo(1);
        assertThat(Tensor.of(2.0).square().item()).isEqualTo(4);
    } finally {
        Threads.use(before);
    }
}
