"""Grids of cells: who speaks for which object, with one box or several, and what it costs."""
