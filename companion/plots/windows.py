"""Windows over a text, and the two games that word2vec plays with them."""

import matplotlib.pyplot as plt

from companion.plots.network import FILLS, unit
from companion.plots.shapes import arrow, boxed
from companion.plots.style import COLORS

WORD, SPACE = 0.105, 0.17
"""Width of a letter and of a gap, in inches."""
ARROW = {"color": "#777777", "mutation_scale": 9, "shrinkA": 2, "shrinkB": 2, "zorder": 2}


def draw_windows(words, centres, window, crossed=()):
    """Draw a text once for each of some centres, with its window and the pairs that come from it.

    Parameters
    ----------
    words : sequence of str
        The text.
    centres : sequence of int
        Places of the words in the middle, one row each.
    window : int
        How many words to either side are neighbours.
    crossed : collection of int
        Places of words that were thrown away: they are drawn faintly, and windows reach over them.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the text is empty, or a centre is no place of it or thrown away.
    """
    kept = [k for k in range(len(words)) if k not in crossed]
    if wrong := [c for c in centres if c not in kept]:
        raise ValueError(f"draw_windows: no word to stand in the middle at places {wrong}")
    if not centres:
        raise ValueError("draw_windows: no centre; give at least one place")
    lefts, x = [], 0.0
    for word in words:
        lefts.append(x)
        x += WORD * len(word) + SPACE
    figure, ax = plt.subplots(figsize=(max(x + 0.2, 4), 0.62 * len(centres) + 0.1))
    for row, centre in enumerate(centres):
        at = kept.index(centre)
        near = kept[max(at - window, 0) : at] + kept[at + 1 : at + window + 1]
        for place, word in enumerate(words):
            spot = (lefts[place] + WORD * len(word) / 2, -row)
            if place == centre or place in near:
                _word(ax, spot, word, 1 if place == centre else 0, fontsize=10)
            else:
                faint = {"alpha": 0.45, "style": "italic"} if place in crossed else {}
                grey = {"ha": "center", "va": "center", "fontsize": 10, "color": "#8C8C8C"}
                ax.text(*spot, word, **grey, **faint)
            if place in near:
                middle = [lefts[k] + WORD * len(words[k]) / 2 for k in (centre, place)]
                bend = 0.28 if middle[1] < middle[0] else -0.28
                arrow(ax, *((m, 0.22 - row) for m in middle), bend, **ARROW)
    ax.set(xlim=(-0.15, x), ylim=(0.45 - len(centres), 0.8))
    ax.axis("off")
    return figure


def draw_two_games(words, centre):
    """Draw skip-gram on the left and CBOW on the right, for one window.

    Parameters
    ----------
    words : sequence of str
        The words of the window, in order.
    centre : int
        Which of them stands in the middle.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the centre is no place of the window, or it has no neighbour.
    """
    if not 0 <= centre < len(words) or len(words) < 2:
        raise ValueError(f"draw_two_games: centre {centre} in a window of {len(words)} words")
    figure, axes = plt.subplots(1, 2, figsize=(7.4, 0.62 * len(words) + 0.7))
    others = [word for k, word in enumerate(words) if k != centre]
    heights = [len(others) / 2 - 0.5 - k for k in range(len(others))]
    for ax, title, given in zip(axes, ("skip-gram", "CBOW"), (True, False), strict=True):
        ends = (0.0, 2.6) if given else (2.6, 0.0)  # where centre and neighbours stand
        labels = ("given", "asked for") if given else ("asked for", "given")
        middle = (1.3, 0.0)
        _word(ax, (ends[0], 0), words[centre], 1)
        unit(ax, middle, "v" if given else "v̄", FILLS[2], 0.2, fontsize=10)
        edge = (0.48, -0.2) if given else (-0.48, 0.2)
        ends_of = ((ends[0] + edge[0], 0), (middle[0] + edge[1], 0))
        arrow(ax, *(ends_of if given else ends_of[::-1]), **ARROW)
        for word, y in zip(others, heights, strict=True):
            _word(ax, (ends[1], y), word, 0)
            wire = ((1.5, 0.12 * y), (2.12, y)) if given else ((0.48, y), (1.1, 0.12 * y))
            arrow(ax, *wire, **ARROW)
        for x, text in zip(ends, labels, strict=True):
            ax.text(x, heights[0] + 0.62, text, ha="center", fontsize=9, color="#777777")
        ax.set_title(title, fontsize=11)
        ax.set(xlim=(-0.75, 3.35), ylim=(heights[-1] - 0.5, heights[0] + 0.95))
        ax.axis("off")
    return figure


def _word(ax, place, word, kind, fontsize=9.5):
    boxed(ax, place, word, FILLS[kind], COLORS[kind], fontsize=fontsize)
