"""Sound: frequencies over time, letters without times, and a word that wakes."""
