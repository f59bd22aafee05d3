"""Pixels: a class for each, scores and a loss."""
