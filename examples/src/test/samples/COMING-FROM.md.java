void values() {
    // sample 1
}

void afterStep() {
    // sample 2
}

void carried() {
    // sample 3
}

void whole() {
    // sample 4
}

void higher() {
    // sample 5
}

void plans() {
    // sample 6
}

void dropped() {
    // sample 7
}

void main() {
    values();
    afterStep();
    carried();
    whole();
    higher();
    plans();
    dropped();
}
