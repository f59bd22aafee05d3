"""Part V: where things are in a picture, and which pixels are theirs.

One file is one idea: boxes and their formats, overlap, suppression of what was found twice, average
precision, grids and anchors, sliding windows, proposals, and segmentation.
"""
