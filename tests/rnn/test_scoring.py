"""Probabilities of answers, against exhaustive search on tiny models and against torch."""

from itertools import product

import numpy as np
import pytest
import torch

from companion.rnn.language.next_token import next_token_loss, next_token_pairs
from companion.rnn.text.vocabulary import END, SPECIAL, Vocabulary
from companion.rnn.translation.encoder_decoder import EncoderDecoder
from companion.rnn.translation.greedy import greedy, next_log_probabilities
from companion.rnn.translation.pairs import Pairs, padded
from companion.rnn.translation.scoring import token_log_probabilities
from companion.training import manual_seed

WORDS, SOUNDS = Vocabulary("abc"), Vocabulary("XY")
FIRST, LAST = SPECIAL.index("<start>"), SPECIAL.index(END)
SAYABLE = [LAST, *SOUNDS.encode("XY")]


def tiny(seed, scale=3.0):
    """An untrained model with large weights, in float64, so that it has opinions."""
    manual_seed(seed)
    model = EncoderDecoder(len(WORDS), len(SOUNDS), hidden_size=4, embedding_dim=3)
    for parameter in model.parameters():
        parameter.data = scale * parameter.data.astype(np.float64)
    return model


def log_p(model, word, answers):
    """Log-probabilities of whole answers, given as texts, with a teacher."""
    said, following = next_token_pairs(answers, SOUNDS)
    source = padded([word] * len(answers), WORDS)
    return token_log_probabilities(model, Pairs(source, said), following).sum(axis=1)


def next_p(model, word, prefix):
    """Probabilities of all next tokens after a prefix, from one pass with a teacher."""
    said = np.array([[FIRST, *prefix]])
    scores = model(Pairs(padded([word], WORDS), said)).numpy()[0, -1]
    return np.exp(scores - np.logaddexp.reduce(scores))


def test_all_answers_together_have_probability_one():
    """Answers of up to two tokens, and all beginnings of three, sum to 1."""
    for seed in range(3):
        model = tiny(seed)
        tokens = range(len(SOUNDS))
        ended = sum(
            np.prod([next_p(model, "ab", answer[:k])[answer[k]] for k in range(len(answer))])
            * next_p(model, "ab", answer)[LAST]
            for n in range(3)
            for answer in product([t for t in tokens if t != LAST], repeat=n)
        )
        open_ones = sum(
            np.prod([next_p(model, "ab", answer[:k])[answer[k]] for k in range(3)])
            for answer in product([t for t in tokens if t != LAST], repeat=3)
        )
        assert ended + open_ones == pytest.approx(1, abs=1e-9)
        assert 0.001 < ended < 0.999


def test_step_by_step_is_the_same_as_with_a_teacher():
    model = tiny(0)
    for word, answer in (("ab", "XYX"), ("c", "Y"), ("abcabc", "XXXXX")):
        memory = model.encode(padded([word], WORDS))
        token = FIRST
        said, following = next_token_pairs([answer], SOUNDS)
        rows = token_log_probabilities(model, Pairs(padded([word], WORDS), said), following)[0]
        for k, following_token in enumerate([*SOUNDS.encode(answer), LAST]):
            scores, memory = model.decode(memory, np.array([[token]]))
            scores = scores.numpy()[0, 0]
            expected = scores[following_token] - np.logaddexp.reduce(scores)
            assert rows[k] == pytest.approx(expected, abs=1e-9)
            token = following_token


def test_padding_changes_nothing():
    model = tiny(1)
    alone = log_p(model, "ab", ["X"])
    said, following = next_token_pairs(["X", "YXYXYX"], SOUNDS)
    source = padded(["ab", "cccccc"], WORDS)
    both = token_log_probabilities(model, Pairs(source, said), following)
    assert both[0].sum() == pytest.approx(alone[0], abs=1e-9)
    assert (both[0, 2:] == 0).all()
    counted = (following != 0).sum()
    loss = next_token_loss(model(Pairs(source, said)), following).item()
    assert -both.sum() / counted == pytest.approx(loss, abs=1e-6)


def test_greedy_against_exhaustive_search():
    """It takes the best next token each time, and so is sometimes not the best answer."""
    longest, lost = 4, 0
    for seed in range(40):
        model, word = tiny(seed), "cab"
        source = padded([word], WORDS)
        found = greedy(model, source, longest)[0]

        def p(prefix, model=model, word=word):
            memory, tokens = model.encode(padded([word], WORDS)), [FIRST, *prefix]
            for token in tokens:
                log_p, memory = next_log_probabilities(model, memory, [token])
            return np.exp(log_p[0])

        expected = []
        while len(expected) < longest and (best := int(p(expected).argmax())) != LAST:
            expected.append(best)
        assert found == expected
        if len(found) == longest:
            continue  # it was cut off: no whole answer
        whole = {
            answer: np.prod([p(answer[:k])[answer[k]] for k in range(n)]) * p(answer)[LAST]
            for n in range(longest)
            for answer in product(SAYABLE[1:], repeat=n)
        }
        mine = whole[tuple(found)]
        assert mine <= max(whole.values()) + 1e-12
        lost += mine < 0.999 * max(whole.values())
    assert lost > 0


class TorchTwin(torch.nn.Module):
    """The same network with torch's layers, for one text at a time."""

    def __init__(self):
        super().__init__()
        self.source_embedding = torch.nn.Embedding(len(WORDS), 3)
        self.encoder = torch.nn.GRU(3, 4, batch_first=True, bidirectional=True)
        self.bridge = torch.nn.Linear(8, 4)
        self.target_embedding = torch.nn.Embedding(len(SOUNDS), 3)
        self.decoder = torch.nn.GRU(3, 4, batch_first=True)
        self.head = torch.nn.Linear(4, len(SOUNDS))

    def forward(self, source, said):
        _, last = self.encoder(self.source_embedding(source))
        first = torch.tanh(self.bridge(torch.cat([last[0], last[1]], dim=1)))
        states, _ = self.decoder(self.target_embedding(said), first[None])
        return self.head(states)


def test_equal_to_torch():
    for seed in range(3):
        model, twin = tiny(seed), TorchTwin().double()
        twin.load_state_dict({k: torch.tensor(v) for k, v in model.state_dict().items()})
        words, answers = ["ab", "c", "abcab"], ["XY", "Y", "XXYYX"]
        said, following = next_token_pairs(answers, SOUNDS)
        got = token_log_probabilities(model, Pairs(padded(words, WORDS), said), following)
        for row, word, answer in zip(got, words, answers, strict=True):
            one_said, one_following = map(torch.tensor, next_token_pairs([answer], SOUNDS))
            scores = twin(torch.tensor(padded([word], WORDS)), one_said)
            logs = scores.log_softmax(dim=2).gather(2, one_following[..., None])[0, :, 0]
            expected = logs.detach().numpy()
            np.testing.assert_allclose(row[: len(expected)], expected, atol=1e-10)


def test_other_shapes_are_refused():
    said, following = next_token_pairs(["XY"], SOUNDS)
    with pytest.raises(ValueError, match=r"following \(1, 2\), said \(1, 3\)"):
        token_log_probabilities(tiny(0), Pairs(padded(["a"], WORDS), said), following[:, :2])


def test_the_mode_is_kept():
    model = tiny(0).train()
    log_p(model, "a", ["X"])
    assert model.training
