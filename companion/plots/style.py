"""Colours, lines and sizes of every figure.

Figures are drawn on white. A dark page inverts them (and turns the hues back), so that one file
serves both; the colours are of middling lightness and each comes with a line style and a marker of
its own, so that figures also read in grey and for colour-blind readers (Okabe and Ito's palette).
"""

import sys

import matplotlib as mpl
from cycler import cycler

COLORS = ["#0072B2", "#D55E00", "#009E73", "#AA4499", "#806000", "#555555"]
"""Blue, vermilion, green, purple, brown, grey: at least 3:1 against white and against black."""

STYLES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3))]
"""A line style for each colour."""

MARKERS = ["o", "^", "s", "D", "v", "P"]
"""A marker for each colour."""


def use_style():
    """Set the house style for all figures from here on; in a notebook, draw them as SVG."""
    mpl.rcParams.update(
        {
            "axes.grid": True,
            "axes.prop_cycle": cycler(color=COLORS) + cycler(linestyle=STYLES),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": 11,
            "figure.constrained_layout.use": True,
            "figure.dpi": 110,
            "figure.facecolor": "white",
            "figure.figsize": (6.4, 3.6),
            "font.size": 10,
            "grid.alpha": 0.25,
            "image.cmap": "gray_r",
            "image.interpolation": "nearest",
            "legend.frameon": False,
            "lines.linewidth": 1.8,
            "savefig.dpi": 110,
            # Same figure, same file: ids in an SVG are otherwise random.
            "svg.hashsalt": "companion",
        }
    )
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None}, bbox_inches="tight")
