"""Windows that slide: one by one, and all at once."""
