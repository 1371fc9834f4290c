class Alphabet {
    // sample 1
}

void main() {
    new Alphabet().main();
}
