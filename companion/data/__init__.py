"""Datasets and mini-batches: ``digits``, ``diabetes`` (real), ``toy`` (made), ``batches``.

Everything is read from installed packages or generated from a seed; nothing is fetched.
"""
