"""One step after the other: scans over time, the layers made of them, sequences of any length."""
