"""Where in a backward pass is the mistake? What right gradients tell about wrong ones.

A mistake in the line of one gradient stays there, a mistake in a step back is passed on to all
that come before it. Derived in the chapter :ref:`gradient_checking`, section *A colleague's
report*.
"""


def place_of(parameters):
    """Say where to look first, from which gradients are wrong and which are right.

    Parameters
    ----------
    parameters : sequence of ParameterReport
        In the order of the forward pass.

    Returns
    -------
    str
        A sentence; empty if all are right, or if there is only one parameter.
    """
    names = [one.name for one in parameters]
    wrong = [k for k, one in enumerate(parameters) if not one.ok and one.verdict != "kink"]
    if not wrong or len(names) < 2:
        return ""
    if len(wrong) == len(names):
        return _all_wrong({one.advice for one in parameters})
    last = wrong[-1]
    if len(wrong) == 1:
        return f"Only {names[last]} is wrong: look at the line that computes its gradient."
    settled = [k for k, one in enumerate(parameters[:last]) if one.is_settled]
    if settled:
        return _not_passed_on(names, wrong, settled[0])
    if len(wrong) == last + 1:
        return (
            f"All up to {names[last]} are wrong, from {names[last + 1]} on all are right: "
            "look at the step back between them."
        )
    return f"Begin with {names[last]}: what is wrong there may be passed on to those before it."


def _all_wrong(advice):
    if len(advice) == 1 and all(advice):
        return "All are wrong alike: look at the loss and at the first step back from it."
    return (
        "All are wrong: look at the loss and at the first step back from it. If these are right, "
        "at the line of each."
    )


def _not_passed_on(names, wrong, settled):
    """Say where to look if a parameter is right although a later one is wrong."""
    own = [names[k] for k in wrong if k > settled]
    lines = "line" if len(own) == 1 else "lines"
    then = f", then at the step back before {names[settled]}" if wrong[0] < settled else ""
    return (
        f"Not all before {own[-1]} are wrong, so the steps back to {names[settled]} are right: "
        f"look at the {lines} of {', '.join(own)}{then}."
    )
