"""Experiments of part IV, on convolutional networks; one file each."""
