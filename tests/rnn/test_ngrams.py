"""Models that count, against counting by brute force, pencil and closed forms."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.rnn.language.kneser_ney import KneserNey, places_counted
from companion.rnn.language.ngrams import AddK, ngram_counts
from companion.rnn.language.perplexity import perplexity
from companion.rnn.text.vocabulary import END, START, UNKNOWN, Vocabulary

TOY = ["ann", "anna", "nan"]
texts_of_letters = st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=6)


def lines(texts):
    return [[START, *text, END] for text in texts]


def times(texts, run):
    """How often a run of tokens stands in the texts, by looking at every place."""
    run = list(run)
    return sum(
        line[k : k + len(run)] == run for line in lines(texts) for k in range(len(line))
    )  # fmt: skip


def in_front(texts, run):
    """How many different tokens stand before a run."""
    run = list(run)
    return len(
        {
            line[k - 1]
            for line in lines(texts)
            for k in range(1, len(line))
            if line[k : k + len(run)] == run
        }
    )


def by_formula(texts, kinds, order, d, history, token):
    """Kneser–Ney as its formula reads, one fraction for one token, all counted anew."""
    history = tuple(history)

    def count(run):
        longest = len(run) == order or run[0] == START
        return times(texts, run) if longest else in_front(texts, run)

    def below():
        if not history:
            return Fraction(1, len(kinds))
        return by_formula(texts, kinds, order, d, history[1:], token)

    after = {w: count((*history, w)) for w in kinds}
    total = sum(after.values())
    if not total:
        return below()
    kept = max(after[token] - d, Fraction(0))
    return kept / total + d * sum(n > 0 for n in after.values()) / Fraction(total) * below()


@given(texts_of_letters, st.integers(1, 4))
def test_counts_by_looking_at_every_place(texts, order):
    counts = ngram_counts(texts, order)
    for history, following in counts.items():
        assert len(history) < order
        for token, n in following.items():
            assert n == times(texts, (*history, token))
    longest = [h for h in counts if len(h) == min(order - 1, 1)]
    assert sum(counts[h].total() for h in longest) == sum(len(text) + 1 for text in texts)


@given(texts_of_letters, st.integers(1, 4), st.floats(0, 3), st.text("abc", max_size=5))
def test_add_k_as_its_formula_reads(texts, order, k, before):
    vocabulary = Vocabulary("abc")
    p = AddK(texts, vocabulary, order, k).probabilities(before)
    history = [START, *before][len(before) + 2 - order :] if order > 1 else []
    history = history if len(before) + 1 >= order - 1 else [START, *before]
    after = {w: times(texts, [*history, w]) for w in ("a", "b", "c", END)}
    total = sum(after.values()) + 4 * k
    for w, n in after.items():
        want = (n + k) / total if total else 1 / 4
        assert p[vocabulary.number(w)] == pytest.approx(want, abs=1e-12)
    assert p.sum() == pytest.approx(1)


@given(
    texts_of_letters,
    st.integers(1, 4),
    st.fractions(Fraction(1, 20), 1, max_denominator=20),
    st.text("abc", max_size=5),
)
def test_kneser_ney_as_its_formula_reads(texts, order, d, before):
    vocabulary = Vocabulary("abc")
    p = KneserNey(texts, vocabulary, order, float(d)).probabilities(before)
    line = (START, *before)
    history = line[max(len(line) - order + 1, 0) :] if order > 1 else ()
    kinds = ("a", "b", "c", END)
    want = [float(by_formula(texts, kinds, order, d, history, w)) for w in kinds]
    np.testing.assert_allclose(p[[vocabulary.number(w) for w in kinds]], want, atol=1e-12)
    assert p.sum() == pytest.approx(1)
    assert sum(want) == pytest.approx(1)


def test_by_pencil():
    vocabulary = Vocabulary("an")
    a, n, end = (vocabulary.number(token) for token in ("a", "n", END))
    counted = AddK(TOY, vocabulary, 2, k=0)
    assert counted.probabilities("")[[a, n, end]] == pytest.approx([2 / 3, 1 / 3, 0])
    assert counted.probabilities("a")[[a, n, end]] == pytest.approx([0, 3 / 4, 1 / 4])
    assert np.exp(sum(counted.log_probabilities(["ann"])[0])) == pytest.approx(1 / 18)
    assert np.exp(sum(counted.log_probabilities(["nana"])[0])) == pytest.approx(1 / 144)
    assert perplexity(counted.log_probabilities(["ann"])[0]) == pytest.approx(18**0.25)
    smooth = KneserNey(TOY, vocabulary, 2, discount=0.5)
    assert smooth.probabilities("a")[a] == pytest.approx(1 / 14)
    shorter = places_counted(ngram_counts(TOY, 2), 2)[()]
    assert shorter == {"a": 2, "n": 3, END: 2}


def test_unsmoothed_is_infinitely_surprised_and_smoothed_is_not():
    vocabulary = Vocabulary("an")
    for order in (2, 3, 4):
        seen = AddK(TOY, vocabulary, order, k=0).log_probabilities(TOY)
        assert np.isfinite(np.concatenate(seen)).all()
        assert perplexity(AddK(TOY, vocabulary, order, k=0).log_probabilities(["aa"])[0]) == np.inf
        for model in (AddK(TOY, vocabulary, order), KneserNey(TOY, vocabulary, order)):
            assert np.isfinite(perplexity(model.log_probabilities(["aaaa"])[0]))


def test_nothing_impossible_is_ever_drawn():
    vocabulary = Vocabulary("abnz")
    model = AddK(TOY, vocabulary, 2, k=0)
    for seed in range(30):
        drawn = model.sample(seed)
        assert np.isfinite(model.log_probabilities([drawn])[0]).all() if drawn else False
    assert len(AddK(TOY, vocabulary, 2).sample(0, longest=1)) <= 1


def test_what_is_drawn_is_as_frequent_as_it_is_probable():
    vocabulary, rng = Vocabulary("an"), np.random.default_rng(0)
    model = KneserNey(TOY, vocabulary, 3)
    drawn = ["".join(model.sample(rng)) for _ in range(3000)]
    for name in ("ann", "nan", "n"):
        p = np.exp(sum(model.log_probabilities([name])[0]))
        assert abs(drawn.count(name) / 3000 - p) < 5 * np.sqrt(p / 3000)
    only = model.sample(0, shaped=lambda p: np.eye(len(p))[p.argmax()])
    assert "".join(only) == "ann"


def test_unknown_counts_only_where_the_texts_have_it():
    vocabulary = Vocabulary("an")
    number = vocabulary.number(UNKNOWN)
    assert AddK(TOY, vocabulary, 2).probabilities("a")[number] == 0
    assert KneserNey(TOY, vocabulary, 2).probabilities("a")[number] == 0
    with_it = KneserNey([*TOY, ["a", UNKNOWN]], vocabulary, 2).probabilities("a")
    assert with_it[number] > 0
    assert with_it.sum() == pytest.approx(1)


@pytest.mark.parametrize("model", [AddK, KneserNey])
def test_what_is_no_text_is_named(model):
    vocabulary = Vocabulary("an")
    with pytest.raises(ValueError, match="no text, or an empty one"):
        model([], vocabulary, 2)
    with pytest.raises(ValueError, match="no text, or an empty one"):
        model(["ann", ""], vocabulary, 2)
    with pytest.raises(ValueError, match="order 0; expected at least 1"):
        model(TOY, vocabulary, 0)
    with pytest.raises(ValueError, match="'z' at place 0"):
        model(["zoe"], vocabulary, 2)
    with pytest.raises(ValueError, match="'z' at place 1"):
        model(TOY, vocabulary, 2).probabilities("az")
    with pytest.raises(ValueError, match="k=-1"):
        AddK(TOY, vocabulary, 2, k=-1)
    for d in (0, 1.5, np.nan):
        with pytest.raises(ValueError, match=f"discount {d}"):
            KneserNey(TOY, vocabulary, 2, d)
