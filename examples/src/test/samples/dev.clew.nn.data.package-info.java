void main() {
    List<String> names = List.of("Ada", "Eve");
    var key = RandomKey.of(1);
    // sample 1
}
