"""ThanosRuler: the rules that it evaluates and where it writes their results."""
