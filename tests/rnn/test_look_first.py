"""The decoder that looks before it steps: against torch, token by token, and what it learns."""

import numpy as np
import pytest
import torch

from companion import optim
from companion.gradients.tensor import Tensor
from companion.rnn.attention.scores import AdditiveAttention, GeneralAttention
from companion.rnn.language.next_token import next_token_loss
from companion.rnn.text.vocabulary import Vocabulary
from companion.rnn.translation.bahdanau import LookFirstEncoderDecoder
from companion.rnn.translation.encoder_decoder import AttentiveEncoderDecoder, Memory
from companion.rnn.translation.greedy import greedy
from companion.rnn.translation.pairs import Pairs, padded, translation_batches
from companion.training import manual_seed
from companion.training.fit import fit
from tests.parity.agreement import CLOSE

SOURCE = np.array([[4, 5, 6, 7], [5, 4, 0, 0], [6, 0, 0, 0]])
SAID = np.array([[1, 4, 5], [1, 6, 4], [1, 5, 5]])


def model_of(kind=LookFirstEncoderDecoder, hidden=5):
    manual_seed(0)
    return kind(9, 8, AdditiveAttention(hidden, 2 * hidden, 3), hidden, 4).double()


def by_torch(model, memory, said):
    """The decoder in torch's own operations; returns scores, weights and torch's parameters."""
    w = {k: torch.tensor(v, requires_grad=True) for k, v in model.state_dict().items()}
    hidden = w["decoder.weight_hh"].shape[1]
    cell = torch.nn.GRUCell(w["decoder.weight_ih"].shape[1], hidden).double()
    names = [k for k, _ in cell.named_parameters()]
    read, mask = (torch.tensor(v) for v in (memory.read.numpy(), memory.mask))
    state, scores, weights = torch.tensor(memory.state.numpy()), [], []
    for t in range(said.shape[1]):
        first = (state @ w["attention.of_state.weight"].T)[:, None]
        second = read @ w["attention.of_read.weight"].T + w["attention.of_read.bias"]
        look = torch.tanh(first + second) @ w["attention.v.weight"][0]
        look = torch.softmax(look.masked_fill(~mask, -torch.inf), 1)
        context = (look[:, :, None] * read).sum(1)
        vector = w["target_embedding.weight"][torch.tensor(said[:, t])]
        given = torch.cat([vector, context], 1)
        shared = {k: w["decoder." + k] for k in names}
        state = torch.func.functional_call(cell, shared, (given, state))
        mixed = torch.tanh(torch.cat([context, state], 1) @ w["mix.weight"].T + w["mix.bias"])
        scores.append(mixed @ w["head.weight"].T + w["head.bias"])
        weights.append(look)
    return torch.stack(scores, 1), torch.stack(weights, 1), w


def test_scores_weights_and_gradients_are_those_of_torch():
    model = model_of()
    memory = model.encode(SOURCE)
    memory = Memory(*(Tensor(part.numpy()) for part in memory[:2]), memory.mask)
    scores, _ = model.decode(memory, SAID)
    expected, weights, w = by_torch(model, memory, SAID)
    np.testing.assert_allclose(scores.numpy(), expected.detach().numpy(), **CLOSE)
    got = model.weights(Pairs(SOURCE, SAID)).numpy()
    np.testing.assert_allclose(got, weights.detach().numpy(), **CLOSE)
    direction = np.random.default_rng(1).normal(size=scores.shape)
    (scores * direction).sum().backward()
    (expected * torch.tensor(direction)).sum().backward()
    compared = 0
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            np.testing.assert_allclose(parameter.grad, w[name].grad.numpy(), **CLOSE, err_msg=name)
            compared += 1
    assert compared == 4 + 4 + 2 + 2 + 1  # cell, attention, mix, head, embedding


def test_step_by_step_is_all_at_once():
    model = model_of()
    whole, last = model.decode(model.encode(SOURCE), SAID)
    memory, parts = model.encode(SOURCE), []
    for t in range(SAID.shape[1]):
        scores, memory = model.decode(memory, SAID[:, t : t + 1])
        parts.append(scores.numpy())
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole.numpy(), **CLOSE)
    np.testing.assert_allclose(memory.state.numpy(), last.state.numpy(), **CLOSE)


@pytest.mark.parametrize("kind", [LookFirstEncoderDecoder, AttentiveEncoderDecoder])
def test_padding_changes_nothing(kind):
    model = model_of(kind)
    whole = model(Pairs(SOURCE, SAID)).numpy()
    maps = model.weights(Pairs(SOURCE, SAID)).numpy()
    for row, length in enumerate((4, 2, 1)):
        alone = Pairs(SOURCE[row : row + 1, :length], SAID[row : row + 1])
        np.testing.assert_allclose(model(alone).numpy()[0], whole[row], **CLOSE)
        np.testing.assert_allclose(model.weights(alone).numpy()[0], maps[row, :, :length], **CLOSE)
        assert not maps[row, :, length:].any()


def test_what_it_sees_changes_its_state_and_after_the_step_it_does_not():
    """That is the difference between the two placements."""
    for kind, same in ((LookFirstEncoderDecoder, False), (AttentiveEncoderDecoder, True)):
        model = model_of(kind)
        memory = model.encode(SOURCE)
        other = memory._replace(read=memory.read * 2.0)
        one, two = (model.decode(m, SAID)[1].state.numpy() for m in (memory, other))
        assert np.allclose(one, two) == same


def test_it_learns_to_turn_words_around():
    """Words of five letters, backwards: by chance 1 in 3125; without a look hardly better."""
    rng = np.random.default_rng(0)
    words = sorted({"".join(rng.choice(list("abcde"), 5)) for _ in range(900)})
    rng.shuffle(words)
    tokens = Vocabulary.of(words)
    manual_seed(0)
    model = LookFirstEncoderDecoder(len(tokens), len(tokens), GeneralAttention(32, 64), 32, 16)
    turned = [word[::-1] for word in words]
    batches = translation_batches(words[:-100], turned[:-100], tokens, tokens, 32)
    fit(model, batches, next_token_loss, optim.Adam(model.parameters(), lr=0.01), epochs=8)
    answers = greedy(model, padded(words[-100:], tokens), longest=6)
    right = np.mean(
        [
            "".join(tokens.decode(answer)) == word
            for answer, word in zip(answers, turned[-100:], strict=True)
        ]
    )
    assert right > 0.8
