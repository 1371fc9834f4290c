void main() {
    var key = RandomKey.of(1);
    // sample 1
}
