"""Experiments of part III, on regularization; one file each."""
