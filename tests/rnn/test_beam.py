"""Search: against going through all sentences, greedy search, and scoring with a teacher."""

from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
import torch

from companion.gradients.tensor import Tensor
from companion.rnn.attention.scores import AdditiveAttention
from companion.rnn.text.vocabulary import END, SPECIAL, Vocabulary
from companion.rnn.translation.beam import beam_search
from companion.rnn.translation.beams import beam_searches
from companion.rnn.translation.blame import Blame, blame, blames, shares
from companion.rnn.translation.encoder_decoder import AttentiveEncoderDecoder, EncoderDecoder
from companion.rnn.translation.exhaustive import most_probable
from companion.rnn.translation.greedy import greedy
from companion.rnn.translation.rescoring import (
    coverage_penalty,
    power_penalty,
    ranked,
    wu_penalty,
)
from companion.rnn.translation.sentences import sentence_log_probabilities
from companion.training import manual_seed

WORDS, SOUNDS = Vocabulary("abc"), Vocabulary("XY")
FIRST, LAST = SPECIAL.index("<start>"), SPECIAL.index(END)
X, Y = (int(n) for n in SOUNDS.encode("XY"))


def recurrent(seed, scale=4.0):
    """An untrained model with large weights, in float64, so that it has opinions."""
    manual_seed(seed)
    model = EncoderDecoder(len(WORDS), len(SOUNDS), hidden_size=5, embedding_dim=3)
    return enlarged(model, scale)


def attentive(seed, scale=4.0):
    manual_seed(seed)
    looks = AdditiveAttention(5, 10, 4)
    model = AttentiveEncoderDecoder(len(WORDS), len(SOUNDS), looks, hidden_size=5, embedding_dim=3)
    return enlarged(model, scale)


def enlarged(model, scale):
    for parameter in model.parameters():
        parameter.data = scale * parameter.data.astype(np.float64)
    return model


class Row(NamedTuple):
    said: np.ndarray


class Table:
    """A model that is a table: beginning → probabilities of what comes next."""

    training = False

    def __init__(self, table, vocabulary):
        self.table, self.size = table, vocabulary

    def modules(self):
        return []

    def eval(self):
        return self

    def encode(self, source):
        return Row(np.zeros((len(source), 0), int))

    def decode(self, memory, said):
        rows = np.concatenate([memory.said, said], axis=1)
        with np.errstate(divide="ignore"):
            scores = np.log([self.table[tuple(row[1:])] for row in rows.tolist()])
        return Tensor(scores[:, None]), Row(rows)


SOURCES = [WORDS.encode(text) for text in ("a", "cab", "bbca")]
MODELS = [make(seed) for make in (recurrent, attentive) for seed in range(4)]


def torch_log_p(model, source, prefix):
    """Log-probabilities after a prefix, forbidden tokens left out, normalized by torch."""
    memory = model.encode(source[None])
    scores = model.decode(memory, np.array([[FIRST, *prefix]]))[0].numpy()[0, -1]
    scores = torch.tensor(scores)
    scores[[0, 1, 3]] = -torch.inf
    return torch.log_softmax(scores, 0).numpy()


def all_sentences(model, source, longest, tokens=(X, Y)):
    """Every complete sentence of at most `longest` tokens with its end, by brute force."""
    steps = {}
    for n in range(longest):
        for prefix in product(tokens, repeat=n):
            steps[prefix] = torch_log_p(model, source, prefix)
    found = {}
    for prefix in steps:
        inner = sum(steps[prefix[:k]][token] for k, token in enumerate(prefix))
        found[prefix] = float(inner + steps[prefix][LAST])
    return found


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("source", SOURCES)
def test_a_beam_as_wide_as_everything_finds_everything(model, source):
    longest = 4
    everything = all_sentences(model, source, longest)
    found = beam_search(model, source, 3**longest, longest)
    complete = {h.tokens: h.log_p for h in found if h.complete}
    assert complete.keys() == everything.keys()
    for tokens, log_p in everything.items():
        assert complete[tokens] == pytest.approx(log_p, abs=1e-9)
    values = [h.log_p for h in found if h.complete]
    assert values == sorted(values, reverse=True)
    cut = [h for h in found if not h.complete]
    assert len(cut) == 2**longest
    assert found[-len(cut) :] == cut
    assert sum(np.exp(h.log_p) for h in found) == pytest.approx(1)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("source", SOURCES)
def test_exact_search_is_exact(model, source):
    for longest in (1, 2, 5):
        everything = all_sentences(model, source, longest)
        best = max(everything, key=everything.get)
        found = most_probable(model, source, longest)
        assert found.tokens == best
        assert found.log_p == pytest.approx(everything[best], abs=1e-9)
        assert found.complete


def test_exact_search_needs_no_luck_of_the_beam():
    """A sentence that a beam of ten misses: its first token looks bad, its rest is certain."""
    letters = range(4, 24)
    size = 24
    table = {(): np.zeros(size)}
    table[()][list(letters)] = [0.0524] * 19 + [0.0044]
    for one in letters:
        flat = np.zeros(size)
        flat[list(letters)] = 1 / 20
        certain = np.zeros(size)
        certain[LAST] = 1
        table[one,] = certain if one == 23 else flat
        for two in letters:
            table[one, two] = certain
    model = Table(table, size)
    assert beam_search(model, [4], 10)[0].tokens != (23,)
    best = most_probable(model, [4])
    assert best.tokens == (23,)
    assert best.log_p == pytest.approx(np.log(0.0044))


@pytest.mark.parametrize("model", MODELS)
def test_a_beam_of_one_is_greedy(model):
    for source in SOURCES:
        for longest in (1, 3, 12):
            (one,) = beam_search(model, source, 1, longest)
            assert list(one.tokens) == greedy(model, source[None], longest)[0]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("width", [1, 2, 5])
def test_log_probabilities_are_those_with_a_teacher(model, width):
    for source in SOURCES:
        found = [h for h in beam_search(model, source, width, 8) if h.complete]
        if found:
            got = sentence_log_probabilities(
                model, [source] * len(found), [h.tokens for h in found]
            )
            np.testing.assert_allclose(got, [h.log_p for h in found], atol=1e-9)
        for h in found:
            steps = [torch_log_p(model, source, h.tokens[:k]) for k in range(len(h.tokens) + 1)]
            by_hand = sum(s[t] for s, t in zip(steps, (*h.tokens, LAST), strict=True))
            assert h.log_p == pytest.approx(by_hand, abs=1e-9)


def test_sentences_beside_each_other_do_not_mix():
    model = MODELS[0]
    sentences = [(), (X,), (Y, X, Y, Y, X)]
    together = sentence_log_probabilities(model, SOURCES, sentences)
    for source, sentence, value in zip(SOURCES, sentences, together, strict=True):
        alone = sentence_log_probabilities(model, [source], [sentence])
        assert value == pytest.approx(alone[0], abs=1e-9)


def loop_beam(model, source, width, longest):
    """The same search in plain Python, one hypothesis at a time, without stored states."""
    live, done = [((), 0.0)], []
    for _ in range(longest):
        more = []
        for tokens, log_p in live:
            step = torch_log_p(model, source, tokens)
            more += [((*tokens, t), log_p + step[t]) for t in range(len(step)) if step[t] > -np.inf]
        more.sort(key=lambda pair: -pair[1])
        more = more[: width - len(done)]
        done += [(tokens[:-1], log_p) for tokens, log_p in more if tokens[-1] == LAST]
        live = [(tokens, log_p) for tokens, log_p in more if tokens[-1] != LAST]
        if not live:
            break
    return sorted(done, key=lambda pair: -pair[1]), sorted(live, key=lambda pair: -pair[1])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("width", [2, 3, 7])
def test_against_a_loop_without_states(model, width):
    for source in SOURCES:
        found = beam_search(model, source, width, 6)
        done, live = loop_beam(model, source, width, 6)
        assert [h.tokens for h in found] == [tokens for tokens, _ in done + live]
        assert [h.complete for h in found] == [True] * len(done) + [False] * len(live)
        np.testing.assert_allclose([h.log_p for h in found], [p for _, p in done + live])


def test_ties_go_to_the_smaller_token():
    third = np.zeros(6)
    third[[LAST, X, Y]] = 1 / 3
    end = np.eye(6)[LAST]
    table = {(): third, (X,): third, (Y,): third}
    table |= dict.fromkeys(product((X, Y), repeat=2), end)
    found = beam_search(Table(table, 6), [4], 5)
    assert [h.tokens for h in found] == [(), (X,), (Y,), (X, X), (X, Y)]


def test_a_wider_beam_may_find_something_less_probable():
    """Two beginnings that lead nowhere push out one that ends well; a beam of three keeps it."""

    def p(**shares):
        row = np.zeros(8)
        for name, share in shares.items():
            row[{"end": LAST, "a": 4, "b": 5, "c": 6, "d": 7}[name]] = share
        return row

    anything, end = p(a=0.25, b=0.25, c=0.25, d=0.25), p(end=1)
    table = {(): p(a=0.4, b=0.35, c=0.25), (4,): p(a=0.4, b=0.3, c=0.3), (5,): p(c=0.5, d=0.5)}
    table |= {(6,): anything, **dict.fromkeys(product(range(4, 8), repeat=2), anything)}
    table |= {(4, 4): end, **dict.fromkeys(product(range(4, 8), repeat=3), end)}
    found = [beam_search(Table(table, 8), [4], width)[0] for width in (1, 2, 3)]
    values = np.exp([h.log_p for h in found])
    np.testing.assert_allclose(values, [0.4 * 0.4, 0.35 * 0.5 * 0.25, 0.4 * 0.4])
    assert most_probable(Table(table, 8), [4]).tokens == (4, 4)


def test_what_cannot_be_said_is_left_out():
    end = np.eye(6)[LAST]
    found = beam_search(Table({(): end}, 6), [4], 5)
    assert [h.tokens for h in found] == [()]
    assert found[0].log_p == 0


@pytest.mark.parametrize("model", MODELS)
def test_the_order_by_penalty(model):
    for source in SOURCES:
        plain = beam_search(model, source, 6, 6)
        for penalty in (power_penalty(0.7), wu_penalty(1.3), power_penalty(0)):
            found = beam_search(model, source, 6, 6, penalty)
            assert {h.tokens for h in found} == {h.tokens for h in plain}
            assert found == ranked(plain, penalty)
            scores = [h.log_p / penalty(len(h.tokens) + 1) for h in found if h.complete]
            assert scores == sorted(scores, reverse=True)


def test_penalties_are_their_formulas():
    rng = np.random.default_rng(0)
    for alpha in (0, 0.3, 1, 2.5):
        lengths = rng.integers(1, 40, size=7)
        for t, one, two in zip(
            lengths, power_penalty(alpha)(lengths), wu_penalty(alpha)(lengths), strict=True
        ):
            assert one == pytest.approx(np.exp(alpha * np.log(t)))
            assert two == pytest.approx((5 + t) ** alpha / (5 + 1) ** alpha)
    assert wu_penalty(2)(1) == 1


def test_coverage_against_loops():
    rng = np.random.default_rng(0)
    for t, s in ((1, 1), (5, 3), (2, 6)):
        weights = torch.softmax(torch.tensor(rng.normal(size=(t, s))), 1)
        expected = sum(min(1.0, sum(weights[k, j].item() for k in range(t))) and
                       np.log(min(1.0, sum(weights[k, j].item() for k in range(t))))
                       for j in range(s))  # fmt: skip
        assert coverage_penalty(weights.numpy(), 0.4) == pytest.approx(0.4 * expected)
    assert coverage_penalty(np.eye(3), 5) == 0
    assert coverage_penalty([[1, 0]], 0.1) == -np.inf
    with pytest.raises(ValueError, match=r"expected \(T, S\)"):
        coverage_penalty([0.5, 0.5], 0.1)


def test_blame_knows_by_brute_force():
    """The mode of the model is never the search's fault; anything above the output is."""
    seen = set()
    for model in MODELS:
        for source in SOURCES:
            everything = all_sentences(model, source, 4)
            output = beam_search(model, source, 2, 4)[0]
            if not output.complete:
                continue
            for reference, log_p in everything.items():
                found = blame(reference, output.tokens, model, source)
                if reference == output.tokens:
                    expected = "right"
                else:
                    expected = "search" if log_p > everything[output.tokens] else "model"
                assert found.verdict == expected
                assert found.reference == pytest.approx(log_p, abs=1e-9)
                assert found.output == pytest.approx(output.log_p, abs=1e-9)
                seen.add(expected)
    assert seen == {"right", "search", "model"}


def test_blame_uses_the_penalty_of_the_search():
    model, source = MODELS[0], SOURCES[1]
    everything = all_sentences(model, source, 4)
    turned = 0
    for one, two in product(everything, repeat=2):
        found = blame(one, two, model, source, power_penalty(1))
        means = [everything[s] / (len(s) + 1) for s in (one, two)]
        expected = "right" if one == two else "search" if means[0] > means[1] else "model"
        assert found.verdict == expected
        turned += found.verdict != blame(one, two, model, source).verdict
    assert turned


def test_many_blames_are_single_ones():
    model = MODELS[2]
    references, outputs = [(X,), (Y, Y), ()], [(X,), (X, Y, X), (Y,)]
    found = blames(references, outputs, model, SOURCES)
    for got, *given in zip(found, references, outputs, SOURCES, strict=True):
        alone = blame(given[0], given[1], model, given[2])
        assert got.verdict == alone.verdict
        assert got.reference == pytest.approx(alone.reference, abs=1e-9)
    counted = shares([Blame("right", 0, 0), Blame("model", 0, 0), Blame("right", 0, 0)])
    assert counted == {"right": 2 / 3, "search": 0, "model": 1 / 3}


def test_a_training_model_is_left_in_training():
    model = recurrent(0)
    model.train()
    beam_search(model, SOURCES[0], 2, 3)
    most_probable(model, SOURCES[0], 3)
    assert model.training


def test_bad_input_is_named():
    model, source = MODELS[0], SOURCES[1]
    with pytest.raises(ValueError, match="width=0"):
        beam_search(model, source, 0)
    with pytest.raises(ValueError, match="longest=0"):
        beam_search(model, source, 2, 0)
    with pytest.raises(ValueError, match="longest=0"):
        most_probable(model, source, 0)
    for search in (lambda row: beam_search(model, row, 2), lambda row: most_probable(model, row)):
        for row in ([], [[4, 5]], [0.5], "ab"):
            with pytest.raises(ValueError, match="one text's tokens"):
                search(row)
    half, end = np.eye(6)[X] / 2 + np.eye(6)[Y] / 2, np.eye(6)[LAST]
    deep = {s: half for n in range(3) for s in product((X, Y), repeat=n)}
    deep |= dict.fromkeys(product((X, Y), repeat=3), end)
    with pytest.raises(RuntimeError, match="4 beginnings of one length"):
        most_probable(Table(deep, 6), source, most=3)
    with pytest.raises(ValueError, match="expected as many"):
        sentence_log_probabilities(model, [source], [])
    with pytest.raises(ValueError, match="tokens to read"):
        sentence_log_probabilities(model, [[]], [[X]])
    with pytest.raises(ValueError, match="2 references, 1 outputs"):
        blames([(X,), (Y,)], [(X,)], model, [source])
    with pytest.raises(ValueError, match="no example"):
        shares([])
    for make in (power_penalty, wu_penalty):
        with pytest.raises(ValueError, match="alpha=-1"):
            make(-1)
        with pytest.raises(ValueError, match="at least 1"):
            make(1)([3, 0])


@pytest.mark.parametrize("width", [1, 3, 50])
def test_many_at_once_are_single_ones(width):
    sources = [SOURCES[k % 3] for k in range(40)]
    for model in MODELS[::3]:
        together = beam_searches(model, sources, width, 5, power_penalty(1))
        assert len(together) == 40
        for source, found in zip(sources[:3], together, strict=False):
            alone = beam_search(model, source, width, 5, power_penalty(1))
            assert [h.tokens for h in found] == [h.tokens for h in alone]
            assert [h.complete for h in found] == [h.complete for h in alone]
            np.testing.assert_allclose([h.log_p for h in found], [h.log_p for h in alone])
        assert [h.tokens for h in together[39]] == [h.tokens for h in together[0]]
    with pytest.raises(ValueError, match="one text's tokens"):
        beam_searches(MODELS[0], [[]], 2)
    assert beam_searches(MODELS[0], [], 2) == []
