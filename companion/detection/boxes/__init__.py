"""Boxes: how they are written, overlap, are judged by a loss, suppressed and moved."""
