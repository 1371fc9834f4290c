void main() {
    // sample 1
}
