"""Models of language: what comes next, how surprised a model is, and how to draw from it."""
