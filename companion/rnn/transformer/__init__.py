"""Networks of attention alone: blocks, positions, a model of language."""
