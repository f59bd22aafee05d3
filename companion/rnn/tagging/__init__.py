"""A label for each step of a sequence: read in one direction, in both, or with a delay."""
