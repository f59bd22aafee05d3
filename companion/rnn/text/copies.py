"""What a text has copied from others.

Told in the chapter :ref:`language_models`.
"""


def longest_copy(tokens, texts):
    """Find the longest run of tokens that also stands in a text.

    Parameters
    ----------
    tokens : sequence of str
        What is to be judged.
    texts : iterable of sequence of str
        Where it may come from.

    Returns
    -------
    list of str
        The run; of equally long ones the first. Empty if no token occurs.
    """
    tokens = list(tokens)
    places = {}
    for text in texts:
        for place, token in enumerate(text):
            places.setdefault(token, []).append((text, place))
    best = (0, 0)
    for begin in range(len(tokens)):
        for text, place in places.get(tokens[begin], ()):
            length = 0
            for mine, theirs in zip(tokens[begin:], text[place:], strict=False):
                if mine != theirs:
                    break
                length += 1
            best = max(best, (length, -begin))
    return tokens[-best[1] : -best[1] + best[0]]
