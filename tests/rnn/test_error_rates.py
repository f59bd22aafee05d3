"""Edit distance against its recursive definition and a search; rates against jiwer's formula."""

from collections import deque
from functools import cache

import numpy as np
import pytest

from companion.rnn.translation.error_rates import edit_distance, edit_table, error_rate, exact


def recursively(said, right):
    """By definition: look at the first tokens, and try what can be done with them."""

    @cache
    def edits(i, j):
        if i == len(said) or j == len(right):
            return len(said) - i + len(right) - j
        if said[i] == right[j]:
            return edits(i + 1, j + 1)
        return 1 + min(edits(i + 1, j), edits(i, j + 1), edits(i + 1, j + 1))

    return edits(0, 0)


def by_search(start, goal, alphabet="abc"):
    """Breadth first: try all single edits, then all edits of what came out."""
    queue, seen = deque([(start, 0)]), {start}
    while True:
        text, edits = queue.popleft()
        if text == goal:
            return edits
        after = [text[:i] + text[i + 1 :] for i in range(len(text))]
        after += [text[:i] + c + text[i:] for i in range(len(text) + 1) for c in alphabet]
        after += [text[:i] + c + text[i + 1 :] for i in range(len(text)) for c in alphabet]
        for one in after:
            if one not in seen and len(one) <= max(len(start), len(goal)):
                seen.add(one)
                queue.append((one, edits + 1))


def texts(rng, longest):
    return "".join(rng.choice(list("abc"), rng.integers(longest + 1)))


def test_equal_to_the_definition():
    rng = np.random.default_rng(0)
    for _ in range(200):
        said, right = texts(rng, 12), texts(rng, 12)
        assert edit_distance(said, right) == recursively(said, right)


def test_equal_to_a_search_through_all_edits():
    rng = np.random.default_rng(1)
    for _ in range(25):
        said, right = texts(rng, 4), texts(rng, 4)
        assert edit_distance(said, right) == by_search(said, right)


def test_it_is_a_distance():
    rng = np.random.default_rng(2)
    for _ in range(100):
        a, b, c = (texts(rng, 8) for _ in range(3))
        assert edit_distance(a, b) == edit_distance(b, a)
        assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)
        assert (edit_distance(a, b) == 0) == (a == b)
        assert abs(len(a) - len(b)) <= edit_distance(a, b) <= max(len(a), len(b))


def test_entries_are_distances_of_beginnings():
    said, right = "kitten", "sitting"
    table = edit_table(said, right)
    assert table.shape == (7, 8)
    assert table[-1, -1] == 3
    for i in range(7):
        for j in range(8):
            assert table[i, j] == recursively(said[:i], right[:j])


def test_tokens_of_any_kind():
    assert edit_distance(["K", "AE", "T"], ("K", "AH", "T", "S")) == 2
    assert edit_distance([], []) == 0
    assert edit_distance([], ["a", "b"]) == 2
    assert edit_distance(np.array([1, 2, 3]), [1, 3]) == 1


def test_rates_are_taken_over_all_tokens():
    said, right = ["abc", "x"], ["abd", "xyz"]
    assert error_rate(said, right) == pytest.approx((1 + 2) / 6)
    assert np.mean([1 / 3, 2 / 3]) == pytest.approx(error_rate(said, right))
    said, right = ["b", "abcdefghij"], ["a", "abcdefghij"]
    assert error_rate(said, right) == pytest.approx(1 / 11)  # not the mean of 1 and 0
    assert error_rate([["so", "many", "words"]], [["few"]]) == 3


def test_exact_counts_texts_of_any_type():
    assert exact([("a", "b"), ["c"]], [["a", "b"], ("d",)]) == 0.5


def test_errors_are_clear():
    with pytest.raises(ValueError, match="1 texts and 2 right ones"):
        error_rate(["a"], ["a", "b"])
    with pytest.raises(ValueError, match="hold no token"):
        error_rate(["a"], [""])
    with pytest.raises(ValueError, match="0 texts and 0 right ones"):
        exact([], [])
    with pytest.raises(ValueError, match="1 texts and 2"):
        exact(["a"], ["a", "b"])
