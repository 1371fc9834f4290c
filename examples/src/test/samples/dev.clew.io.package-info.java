void main() throws IOException {
    // sample 1
}
