"""Words as vectors: how they are learned, read, and put right."""
