"""Random search: draw, train, keep the best; what every other search has to beat."""

from companion.cnn.searching.trials import Trial


def random_search(space, evaluate, budget, rng):
    """Evaluate independent draws from a space.

    Parameters
    ----------
    space : Space
        Where to draw.
    evaluate : callable
        Architecture → error, lower is better; called once for each trial.
    budget : int
        Number of trials.
    rng : numpy.random.Generator
        Source of randomness for the draws.

    Returns
    -------
    list of Trial
        In order.

    Notes
    -----
    Li and Talwalkar (2020). Used in the chapter :ref:`architecture_search`.
    """
    drawn = (space.draw(rng) for _ in range(budget))
    return [Trial(genes, evaluate(genes)) for genes in drawn]
