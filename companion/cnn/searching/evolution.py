"""Evolution: change one gene of a network that did well, and let the oldest one go."""

from companion.cnn.searching.trials import Trial, chosen

REMOVED = ("oldest", "worst")
"""Who may leave the population when a child joins."""


def evolution(space, evaluate, budget, rng, *, population=16, sample=4, remove="oldest"):
    """Search by regularized (ageing) evolution.

    The first trials are drawn at random. Then, again and again: draw a sample of the population,
    take the best of it as the parent, change one of its genes, evaluate the child, add it, and
    remove the oldest member.

    Parameters
    ----------
    space : Space
        Where to search.
    evaluate : callable
        Architecture → error, lower is better; called once for each trial.
    budget : int
        Number of trials, those of the first population among them.
    rng : numpy.random.Generator
        Source of randomness for draws, samples and mutations.
    population, sample : int
        Members P, and members S drawn for each tournament, with replacement.
    remove : {"oldest", "worst"}
        Who leaves. "worst" is evolution without ageing.

    Returns
    -------
    list of Trial
        In order.

    Raises
    ------
    ValueError
        If population or sample is below 1, or `remove` is none of `REMOVED`.

    Notes
    -----
    Real, Aggarwal, Huang and Le (2019), algorithm 1. Derived in the chapter
    :ref:`architecture_search`.
    """
    if min(population, sample) < 1:
        raise ValueError(
            f"evolution: population {population}, sample {sample}; expected at least 1 of each"
        )
    if remove not in REMOVED:
        raise ValueError(f"evolution: remove {remove!r}; expected one of {', '.join(REMOVED)}")
    trials, members = [], []  # members: oldest first
    while len(trials) < budget:
        if len(members) < population:
            genes = space.draw(rng)
        else:
            drawn = [members[k] for k in rng.integers(population, size=sample)]
            genes = space.mutate(chosen(drawn).genes, rng)
        trial = Trial(genes, evaluate(genes))
        trials.append(trial)
        members.append(trial)
        if len(members) > population:
            leaves = 0 if remove == "oldest" else _worst(members)
            del members[leaves]
    return trials


def _worst(members):
    """Place of the largest error, of equal ones the oldest."""
    return max(range(len(members)), key=lambda k: (members[k].error, -k))
