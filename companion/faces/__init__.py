"""Part VI: who is it? Distances that are learned, so that one picture of a new person is enough.

One file is one idea: distances between encodings, losses that learn them, triplets and how to
choose them, thresholds and their curves, galleries of stored encodings.
"""
