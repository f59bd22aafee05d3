"""Checks of the project on borrowed features: people named from two pictures each."""

import numpy as np

from companion.cnn.networks.pretrained import prepared, squares
from companion.data.faces import orl_faces
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wire import Source
from companion.gradients.tensor import Tensor
from companion.nn.functional import cross_entropy

SMALL = """
from companion import nn
from companion.cnn.transfer import with_head

def small(modules):
    body = [nn.Sequential(nn.Linear(2, 2), nn.ReLU()) for _ in range(modules)]
    network = with_head(nn, body, 2, 3, pooled=False)
    for k, parameter in enumerate(network.parameters()):
        parameter.requires_grad = k % 2 == 0
    return network
"""


@check(
    "set-free",
    hints=(
        "Which names are there? network.named_parameters() gives them with their parameters.",
        "Set requires_grad both ways: what somebody froze or freed before does not count.",
        "parameter.requires_grad = name not in frozen; sum(p.numel() for ... if p.requires_grad)",
    ),
)
def test_how_many_numbers_learn(student):
    "how many numbers learn in networks of two and of twelve modules"
    for modules, blocks in ((2, 1), (2, 0), (2, 2), (12, 2), (12, 11)):
        got = student.set_free(Source(f"small({modules})", SMALL), blocks)
        each, head = 2 * 2 + 2, 3 * 2 + 3
        right = (modules - blocks) * each + head
        mistakes = {
            "the head is frozen, too": right - head,
            "that is how many stay frozen": blocks * each,
            "that is how many parameters learn, not how many numbers": 2 * (modules - blocks) + 2,
            "all of them are counted": modules * each + head,
        }
        mistakes = {text: value for text, value in mistakes.items() if value != right}
        what = f"the count for {modules} modules, {blocks} frozen,"
        assert_close(float(got), float(right), mistakes=mistakes, what=what)


KEPT = f"""{SMALL}
import sys
from types import ModuleType

kept = sys.modules.setdefault("kept_networks", ModuleType("kept_networks"))

def remembered(modules):
    kept.network = small(modules)
    return kept.network

def telling():
    flags = [bool(parameter.requires_grad) for parameter in kept.network.parameters()]
    code = sum(2**k for k, flag in enumerate(flags) if flag)
    return with_head(nn, [nn.Linear(1, 1)], code + 1, 1, pooled=False)
"""


@check(
    "set-free",
    after="test_how_many_numbers_learn",
    hints=(
        "To count them is not enough: the network must be changed.",
        "Set requires_grad of every parameter: False for the frozen ones, True for the others.",
        "parameter.requires_grad = name not in frozen, for each name and parameter",
    ),
)
def test_which_parameters_learn(student):
    "afterwards just the right parameters have requires_grad = True"
    for blocks in range(3):
        student.set_free(Source("remembered(2)", KEPT), blocks)
        # How many inputs the head of the next network has says which parameters learn in this one.
        code = int(student.set_free(Source("telling()", KEPT), 1)) - 2
        got = [bool(code >> k & 1) for k in range(6)]
        right = [k >= 2 * blocks for k in range(6)]
        what = f"requires_grad of the parameters with {blocks} of two modules frozen"
        mistakes = {
            "nothing was set": [k % 2 == 0 for k in range(6)],
            "frozen and free were exchanged": [not flag for flag in right],
        }
        assert_close(got, right, mistakes=mistakes, what=what)


def by_engine(F, y, classes, steps, rate):
    """Gradient descent from zeros, with the engine's gradients."""
    W, b = np.zeros((classes, F.shape[1])), np.zeros(classes)
    for _ in range(steps):
        tensors = [Tensor(v, requires_grad=True) for v in (W, b)]
        cross_entropy(Tensor(F) @ tensors[0].T + tensors[1], y).backward()
        W, b = W - rate * tensors[0].grad, b - rate * tensors[1].grad
    return W, b


@check(
    "head-from",
    points=3,
    hints=(
        "Standardize, fit, and translate the result back.",
        "Column by column: V / s. The bias loses what the means would add.",
        "V, c = fit_head((F - m) / s, y, classes, steps=100, rate=20 / D); W = V / s; c - W @ m",
    ),
)
def test_scores_of_features_as_they_are(student):
    "weights and biases for features of very different size, one of them constant"
    rng = np.random.default_rng(3)
    F = rng.normal(size=(12, 5)) * [1, 40, 0.02, 3, 0] + [5, -100, 0.01, 0, 2]
    y = np.arange(12) % 3
    m, s = F.mean(axis=0), F.std(axis=0) + 0.001
    V, c = by_engine((F - m) / s, y, 3, steps=100, rate=4.0)
    got = student.head_from(F, y, 3)
    assert isinstance(got, tuple | list), "expected the pair W, b"
    assert len(got) == 2, f"expected the pair W, b; got {len(got)} values"
    mistakes = {
        "W is that of the standardized features: divide it by the deviations": V,
        "W was multiplied by the deviations; divide": V * s,
    }
    assert_close(got[0], V / s, rtol=1e-4, atol=1e-6, mistakes=mistakes, what="W")
    mistakes = {
        "b is that of the standardized features: subtract W m": c,
        "b was added to W m; subtract": c + V / s @ m,
        "b uses V in place of W = V / s": c - V @ m,
    }
    assert_close(got[1], c - V / s @ m, rtol=1e-4, atol=1e-6, mistakes=mistakes, what="b")
    assert_unchanged(student.head_from)


BORROWED = """
import numpy as np
from companion import nn
from companion.cnn.networks.pretrained import prepared, pretrained_efficientnet_lite0, squares
from companion.cnn.transfer import freeze_first, with_head
from companion.data.faces import orl_faces

def borrowed(people):
    body = list(pretrained_efficientnet_lite0(nn)[0])[:11]
    network = with_head(nn, body, 1280, people, pooled=False).eval()
    for parameter in network.parameters():
        parameter.requires_grad = False
    return network
"""


def pictures(people, which):
    """Prepared pictures of the first people, and who they are."""
    grey = orl_faces()[:people, which].reshape(-1, 112, 92, 1)
    X = prepared(squares(np.repeat(grey, 3, axis=3), 49))
    return X, np.repeat(np.arange(people), len(which))


@check(
    "name-people",
    points=5,
    hints=(
        "The plan of the page, step by step; print the share that your head names before tuning.",
        "X grows to four times its length, and so does y; F is computed once, outside the loops.",
        "front, rest = parted(nn, network, blocks); F = predict(front, X)",
    ),
)
def test_it_names_people(student):
    "85 % of 200 new pictures, from two known ones of each of forty people"
    X, y = pictures(40, [3, 8])
    X_new, right = pictures(40, [0, 1, 4, 6, 9])
    said = np.asarray(student.name_people(Source("borrowed(40)", BORROWED), X, y, X_new))
    assert said.shape == right.shape, f"expected one number a picture, (200,); got {said.shape}"
    found = np.mean(said == right)
    assert found >= 0.85, (
        f"{found:.1%} of 200 new pictures are named; 85 % are asked for. Training from scratch "
        "reaches about a half"
    )


@check(
    "name-people",
    points=1,
    hints=(
        "What the network says comes from the labels that it is given.",
        "Number of scores, labels and shapes come from the arguments, not from the forty people.",
        "head_from(features, y, network[3].bias.numel())",
    ),
)
def test_it_learns_the_labels_that_it_is_given(student):
    "with six people, whose labels are in another order, it learns just those"
    X, y = pictures(6, [2, 5, 7])
    X_new, right = pictures(6, [0, 9])
    other = np.array([3, 0, 5, 1, 4, 2])
    said = student.name_people(Source("borrowed(6)", BORROWED), X, other[y], X_new, 9, 1)
    found = np.mean(np.asarray(said) == other[right])
    assert found >= 0.8, f"of six people whose labels were exchanged, {found:.0%} are named"
