"""Who looks at whom: a map of attention weights."""

import matplotlib.pyplot as plt
import numpy as np

from companion.plots.network import INK, number

MOST = 10  # words on a side up to which the numbers are written


def attention_map(weights, queries, keys, *, title="", ax=None):
    """Draw the weights of attention as a map: a row for each query, a column for each key.

    Parameters
    ----------
    weights : array_like
        Shares from 0 to 1, (Q, K); each row adds up to 1.
    queries, keys : sequence of str
        Words at the rows and at the columns.
    title : str
        What is written above.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the words are not as many as rows and columns, or a row does not add up to 1.
    """
    weights = np.asarray(weights, float)
    if weights.shape != (len(queries), len(keys)):
        raise ValueError(
            f"attention_map: weights {weights.shape} for {len(queries)} queries, {len(keys)} keys"
        )
    if (weights < 0).any() or not np.allclose(weights.sum(axis=1), 1, atol=1e-3):
        raise ValueError("attention_map: a row of the weights is no share: it must add up to 1")
    if ax is None:
        _, ax = plt.subplots(figsize=(0.55 * len(keys) + 1.6, 0.45 * len(queries) + 1.2))
    ax.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(keys)), keys, rotation=45, ha="right")
    ax.set_yticks(range(len(queries)), queries)
    ax.set(xlabel="looked at (key)", ylabel="looking (query)", title=title)
    ax.grid(False)
    if max(weights.shape) <= MOST:
        for place, weight in np.ndenumerate(weights):
            color = "white" if weight > 0.6 else INK
            text = number(round(float(weight), 2))
            ax.text(*place[::-1], text, ha="center", va="center", fontsize=8, color=color)
    return ax
