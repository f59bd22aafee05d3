"""Known wrong answers to the project on a GPT."""

import numpy as np

from companion.exercises import wrong
from companion.exercises.parts import attend, attend_back, may_look
from companion.rnn.experiments.own_gpt import kept, own_attention, resumed
from companion.rnn.language.next_token import next_token_loss


def heard(scores_of, tokens, kinds, tried=None, least=1e-6, score=slice(None)):
    """Do what is asked, or less."""
    tokens = np.array(tokens)
    found = np.zeros((len(tokens), len(tokens)), bool)
    plain = np.array(scores_of(tokens))
    for s in range(len(tokens)):
        for token in range(kinds) if tried is None else tried(tokens[s], kinds):
            other = tokens.copy()
            other[s] = token
            change = np.abs(np.array(scores_of(other)) - plain)[:, score]
            found[:, s] |= (change > least).any(axis=1)
    return found


@wrong("gpt-influence", fails="test_readers_of_all_kinds")
def influence(scores_of, tokens, kinds):
    """Confuses rows and columns."""
    return heard(scores_of, tokens, kinds).T


@wrong("gpt-influence", fails="test_readers_of_all_kinds")
def influence(scores_of, tokens, kinds):
    """Tries one other token only."""
    return heard(scores_of, tokens, kinds, tried=lambda old, kinds: [(old + 1) % kinds])


@wrong("gpt-influence", fails="test_readers_of_all_kinds")
def influence(scores_of, tokens, kinds):
    """Takes rounding for an influence."""
    return heard(scores_of, tokens, kinds, least=0)


@wrong("gpt-influence", fails="test_readers_of_all_kinds")
def influence(scores_of, tokens, kinds):
    """Looks at the first score only."""
    return heard(scores_of, tokens, kinds, score=slice(1))


@wrong("gpt-influence", fails="test_readers_of_all_kinds")
def influence(scores_of, tokens, kinds):
    """Returns the mask that it hopes for."""
    return np.tri(len(tokens), dtype=bool)


@wrong("gpt-influence", fails="test_readers_of_all_kinds")
def influence(scores_of, tokens, kinds):
    """Always tries nine kinds of tokens."""
    return heard(scores_of, tokens, 9)


@wrong("gpt-influence", fails="test_readers_of_all_kinds")
def influence(scores_of, tokens, kinds):
    """Does not hear what is faint."""
    return heard(scores_of, tokens, kinds, least=1e-3)


@wrong("gpt-influence", fails="test_readers_of_all_kinds")
def influence(scores_of, tokens, kinds):
    """Hears only scores that rise."""
    tokens = np.array(tokens)
    found, plain = np.zeros((len(tokens), len(tokens)), bool), np.array(scores_of(tokens))
    for s in range(len(tokens)):
        for token in range(kinds):
            other = np.where(np.arange(len(tokens)) == s, token, tokens)
            found[:, s] |= (np.array(scores_of(other)) - plain > 1e-6).any(axis=1)
    return found


@wrong("gpt-diagnosis", fails="test_four_words")
def diagnosed():
    """Takes the best training loss for the sound run."""
    return "alone", "ahead", "sound", "frozen"


@wrong("gpt-diagnosis", fails="test_four_words")
def diagnosed():
    """Swaps the two that stay high."""
    return "frozen", "sound", "ahead", "alone"


@wrong("gpt-diagnosis", fails="test_four_words")
def diagnosed():
    """Says one word twice."""
    return "alone", "sound", "ahead", "alone"


def teach(state, lessons, way=attend, back=attend_back, mask=may_look, rated=True, most=None):
    """Do what is asked, or with other parts."""
    model, optimizer = resumed(state, own_attention(way, back, mask))
    for inputs, targets, rate in lessons[:most]:
        optimizer.param_groups[0]["lr"] = rate if rated else 1e-4
        optimizer.zero_grad()
        next_token_loss(model(inputs), targets).backward()
        optimizer.step()
    return kept(model, optimizer)


@wrong("own-gpt", fails="test_the_first_lessons")
def taught(state, lessons):
    """Learns from half the lessons."""
    return teach(state, lessons, most=len(lessons) // 2)


@wrong("own-gpt", fails="test_the_first_lessons")
def taught(state, lessons):
    """Forgets what Adam remembers."""
    new = teach(state, lessons, most=1)
    return {**teach(state, lessons), "memory": new["memory"]}


@wrong("own-gpt", fails="test_the_first_lessons")
def taught(state, lessons):
    """Returns what it was given."""
    return state


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Ignores the rates."""
    return teach(state, lessons, rated=False)


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Looks ahead."""
    return teach(state, lessons, mask=lambda steps: np.ones((steps, steps), bool))


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Looks one place too far."""
    return teach(state, lessons, mask=lambda steps: np.tri(steps, k=1, dtype=bool))


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Has no attention: each place keeps its own value."""
    return teach(state, lessons, way=lambda q, k, v, mask: v,
                 back=lambda dy, q, k, v, mask: (0 * q, 0 * k, dy))  # fmt: skip


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Sends no gradient to queries and keys."""

    def back(dy, q, k, v, mask):
        return 0 * q, 0 * k, attend_back(dy, q, k, v, mask)[2]

    return teach(state, lessons, back=back)


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Turns the gradients of queries and keys around."""

    def back(dy, q, k, v, mask):
        dq, dk, dv = attend_back(dy, q, k, v, mask)
        return -dq, -dk, dv

    return teach(state, lessons, back=back)


@wrong("own-gpt", fails="test_the_first_lessons")
def taught(state, lessons):
    """Takes the companion's attention."""
    from companion.rnn.attention.scaled_dot_product import scaled_dot_product_attention

    unused = own_attention(attend, attend_back, may_look)
    model, optimizer = resumed(state, scaled_dot_product_attention or unused)
    for inputs, targets, rate in lessons:
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        next_token_loss(model(inputs), targets).backward()
        optimizer.step()
    return kept(model, optimizer)


@wrong("own-gpt", fails="test_the_first_lessons")
def taught(state, lessons):
    """Has no part of its own."""
    model, optimizer = resumed(state, None)
    from companion.rnn.transformer import gpt

    for block in model.blocks.children():
        block.attention.attend = gpt.CausalAttention.__init__.__defaults__[0]
    for inputs, targets, rate in lessons:
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        next_token_loss(model(inputs), targets).backward()
        optimizer.step()
    return kept(model, optimizer)


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Halves the gradients of queries and keys, which Adam hardly notices."""

    def back(dy, q, k, v, mask):
        dq, dk, dv = attend_back(dy, q, k, v, mask)
        return dq / 2, dk / 2, dv

    return teach(state, lessons, back=back)


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Lets a little of what comes later through."""

    def way(q, k, v, mask):
        return 0.97 * attend(q, k, v, mask) + 0.03 * attend(q, k, v, np.ones_like(mask))

    return teach(state, lessons, way=way)


@wrong("own-gpt", fails="test_it_reads_new_dates")
def taught(state, lessons):
    """Has a mask that leaks at a single place, the last."""

    def leaks(steps):
        mask = np.tri(steps, dtype=bool)
        mask[-2:, -1] = True
        return mask

    return teach(state, lessons, mask=leaks)
