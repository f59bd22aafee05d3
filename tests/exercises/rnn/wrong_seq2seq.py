"""Known wrong answers to the exercises of the chapter on encoder and decoder."""

import numpy as np

from companion.exercises import wrong


@wrong("greedy-by-hand", fails="test_greedy")
def greedy_by_hand():
    """Forgets the end."""
    return "A", 0.5, "B", 0.32


@wrong("greedy-by-hand", fails="test_greedy")
def greedy_by_hand():
    """Goes on although the end is more probable."""
    return "AB", 0.12, "B", 0.32


@wrong("greedy-by-hand", fails="test_greedy")
def greedy_by_hand():
    """Believes that greedy finds the best."""
    return "B", 0.32, "B", 0.32


@wrong("greedy-by-hand", fails="test_best")
def greedy_by_hand():
    """Believes that the best is greedy's."""
    return "A", 0.2, "A", 0.2


@wrong("greedy-by-hand", fails="test_best")
def greedy_by_hand():
    """Forgets the end of the best."""
    return "A", 0.2, "B", 0.4


def log_softmax(scores):
    scores = scores - scores.max(axis=2, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))


def picked(values, following):
    return np.take_along_axis(values, following[..., None], axis=2)[..., 0]


@wrong("answer-probability", fails="test_whole_answers")
def answer_log_probability(scores, following):
    """Counts padding."""
    return picked(log_softmax(scores), following).sum(axis=1)


@wrong("answer-probability", fails="test_whole_answers")
def answer_log_probability(scores, following):
    """Takes the mean."""
    keep = following != 0
    return (picked(log_softmax(scores), following) * keep).sum(axis=1) / keep.sum(axis=1)


@wrong("answer-probability", fails="test_whole_answers")
def answer_log_probability(scores, following):
    """Adds scores."""
    return (picked(scores, following) * (following != 0)).sum(axis=1)


@wrong("answer-probability", fails="test_whole_answers")
def answer_log_probability(scores, following):
    """Gives a loss."""
    return -(picked(log_softmax(scores), following) * (following != 0)).sum(axis=1)


@wrong("answer-probability", fails="test_whole_answers")
def answer_log_probability(scores, following):
    """Softmax over the steps."""
    turned = log_softmax(scores.transpose(0, 2, 1)).transpose(0, 2, 1)
    return (picked(turned, following) * (following != 0)).sum(axis=1)


@wrong("answer-probability", fails="test_large_scores_and_long_answers")
def answer_log_probability(scores, following):
    """Overflows."""
    p = np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)
    return (np.log(picked(p, following)) * (following != 0)).sum(axis=1)


@wrong("answer-probability", fails="test_large_scores_and_long_answers")
def answer_log_probability(scores, following):
    """Multiplies, and takes the logarithm last."""
    p = np.exp(picked(log_softmax(scores), following))
    return np.log(np.where(following != 0, p, 1).prod(axis=1))


@wrong("scheduled-inputs", fails="test_mixed_inputs")
def scheduled_inputs(following, guessed, trust, start):
    """Does not shift."""
    return np.where(trust, following, guessed)


@wrong("scheduled-inputs", fails="test_mixed_inputs")
def scheduled_inputs(following, guessed, trust, start):
    """Trusts the wrong one."""
    passed = np.where(trust, guessed, following)
    return np.concatenate([np.full((len(passed), 1), start), passed[:, :-1]], axis=1)


@wrong("scheduled-inputs", fails="test_mixed_inputs")
def scheduled_inputs(following, guessed, trust, start):
    """Looks at the trust of the step that gets the token."""
    passed = np.where(trust[:, 1:], following[:, :-1], guessed[:, :-1])
    return np.concatenate([np.full((len(passed), 1), start), passed], axis=1)


@wrong("scheduled-inputs", fails="test_mixed_inputs")
def scheduled_inputs(following, guessed, trust, start):
    """Rolls around."""
    return np.roll(np.where(trust, following, guessed), 1, axis=1)


@wrong("scheduled-inputs", fails="test_mixed_inputs")
def scheduled_inputs(following, guessed, trust, start):
    """Always the teacher."""
    return np.concatenate([np.full((len(following), 1), start), following[:, :-1]], axis=1)


@wrong("scheduled-inputs", fails="test_always_never_and_one_step")
def scheduled_inputs(following, guessed, trust, start):
    """Takes trust at every step for a reason not to shift."""
    if trust.all() and trust.size > 4:
        return following
    passed = np.where(trust, following, guessed)
    return np.concatenate([np.full((len(passed), 1), start), passed[:, :-1]], axis=1)


@wrong("scheduled-inputs", fails="test_mixed_inputs")
def scheduled_inputs(following, guessed, trust, start):
    """Makes floats."""
    inputs = np.zeros(following.shape)
    inputs[:, 0] = start
    inputs[:, 1:] = np.where(trust, following, guessed)[:, :-1]
    return inputs


def alike(answers):
    return all(list(answer) == list(answers[0]) for answer in answers)


def diagnose_all(answers, longest):
    if alike(answers):
        return "deaf"
    if all(len(a) == longest for a in answers):
        return "endless"
    return "copying" if all(len(a) > 1 and len(set(a)) == 1 for a in answers) else "fine"


@wrong("diagnose-translator", fails="test_clear_cases")
def diagnose_translator(answers, longest):
    """Finds nothing."""
    return "fine"


@wrong("diagnose-translator", fails="test_clear_cases")
def diagnose_translator(answers, longest):
    """Knows of the end only."""
    return "endless" if all(len(a) == longest for a in answers) else "fine"


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """Asks for the length first."""
    if all(len(a) == longest for a in answers):
        return "endless"
    if alike(answers):
        return "deaf"
    return "copying" if all(len(a) > 1 and len(set(a)) == 1 for a in answers) else "fine"


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """One long answer is enough."""
    if alike(answers):
        return "deaf"
    if any(len(a) == longest for a in answers):
        return "endless"
    return "copying" if all(len(a) > 1 and len(set(a)) == 1 for a in answers) else "fine"


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """Takes one token for a copy."""
    if alike(answers):
        return "deaf"
    if all(len(a) == longest for a in answers):
        return "endless"
    return "copying" if all(len(set(a)) == 1 for a in answers) else "fine"


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """Looks at the first two answers only."""
    return diagnose_all(answers[:2], longest)


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """Believes that the longest length is always 6."""
    return diagnose_all(answers, 6)


@wrong("scheduled-inputs", fails="test_mixed_inputs")
def scheduled_inputs(following, guessed, trust, start):
    """Takes the smaller number for the right token."""
    passed = np.where(trust, np.minimum(following, guessed), np.maximum(following, guessed))
    return np.concatenate([np.full((len(passed), 1), start), passed[:, :-1]], axis=1)


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """Compares the first answer with the last only."""
    if answers[0] == answers[-1]:
        return "deaf"
    found = diagnose_all(answers, longest)
    return "fine" if found == "deaf" else found


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """Looks for the end of the last answer only."""
    if not alike(answers) and len(answers[-1]) == longest:
        return "endless"
    found = diagnose_all(answers, longest)
    return "fine" if found == "endless" else found


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """Compares the first two tokens only."""
    found = diagnose_all(answers, longest)
    if found == "fine" and all(len(a) > 1 and a[0] == a[1] for a in answers):
        return "copying"
    return found


@wrong("diagnose-translator", fails="test_other_cases")
def diagnose_translator(answers, longest):
    """Does not believe in a longest length of 1."""
    return diagnose_all(answers, longest if longest > 1 else 6)
