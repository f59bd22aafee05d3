"""Datasets and mini-batches: ``digits`` (real), ``toy`` (made, two-dimensional), ``batches``.

Everything is read from installed packages or generated from a seed; nothing is fetched.
"""
