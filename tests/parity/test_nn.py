"""`companion.nn` is torch's: same names, arguments, numbers."""

import ast
import inspect
import re

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.generator import manual_seed
from companion.regularization import dropout as dropouts
from tests.parity.agreement import CLOSE, agree
from tests.parity.nn_cases import (
    BASES,
    ELSEWHERE,
    FUNCTIONS,
    INITIALIZERS,
    LAYERS,
    LOSS_FUNCTIONS,
    LOSSES,
    OTHERS,
    RANDOM,
    UTILITIES,
)


def cases(table):
    return [
        pytest.param(name, *case, id=f"{name}-{k}")
        if isinstance(case, tuple)
        else pytest.param(name, case, id=f"{name}-{k}")
        for name, tried in table.items()
        for k, case in enumerate(tried)
    ]


FACES = {
    "nn": (nn, torch.nn),
    "nn.functional": (nn.functional, torch.nn.functional),
    "nn.init": (nn.init, torch.nn.init),
    "nn.utils": (nn.utils, torch.nn.utils),
    "nn.utils.rnn": (nn.utils.rnn, torch.nn.utils.rnn),
}


def test_every_name_has_a_case():
    others = OTHERS["nn"].keys() | ELSEWHERE["nn"].keys()
    assert set(nn.__all__) == LAYERS.keys() | LOSSES.keys() | BASES | others
    others = OTHERS["nn.functional"].keys() | ELSEWHERE["nn.functional"].keys()
    assert set(nn.functional.__all__) == FUNCTIONS.keys() | LOSS_FUNCTIONS.keys() | others
    assert set(nn.init.__all__) == INITIALIZERS
    assert set(nn.utils.__all__) == UTILITIES
    tried = [*LAYERS.values(), *LOSSES.values(), *FUNCTIONS.values()]
    assert all(tried)


@pytest.mark.parametrize("face", FACES)
def test_arguments_are_torch_s_in_name_and_default(face):
    ours, theirs = FACES[face]
    for name in set(ours.__all__) - OTHERS.get(face, {}).keys():
        other = signature_of_torch_s(getattr(theirs, name))
        for argument, parameter in inspect.signature(getattr(ours, name)).parameters.items():
            variadic = parameter.kind is parameter.VAR_POSITIONAL
            # The tensor itself: torch's names for it differ from function to function.
            first = face == "nn.functional" and parameter.kind is not parameter.KEYWORD_ONLY
            if variadic or first:
                continue
            assert argument in other, f"{face}.{name} has no argument {argument!r} in torch"
            if parameter.default is not parameter.empty:
                # Where torch's default is a function, ours is its name, which torch takes as well.
                theirs_default = getattr(other[argument], "__name__", other[argument])
                assert parameter.default == theirs_default, (name, argument)


def signature_of_torch_s(function):
    """Names and defaults; functions written in C++ tell them in the first line of their help."""
    try:
        parameters = inspect.signature(function).parameters.items()
        if inspect.isclass(function) and issubclass(function, torch.nn.RNNBase):
            parameters = inspect.signature(torch.nn.RNNBase).parameters.items()
            bends = {"nonlinearity": "tanh"}  # an option that torch takes out of **kwargs
            return {name: parameter.default for name, parameter in parameters} | bends
        if [*dict(parameters)] == ["args", "kwargs"]:  # one of two functions, by an option
            function = getattr(torch.nn.functional, f"_{function.__name__}", function)
            parameters = inspect.signature(function).parameters.items()
        return {name: parameter.default for name, parameter in parameters}
    except ValueError:
        line = re.search(r"\((.*?)\) ->", function.__doc__, re.DOTALL)[1]
        parts = [part.partition("=")[::2] for part in line.replace("*,", "").split(",")]
        return {
            name.strip(): ast.literal_eval(default.strip()) if default else inspect.Parameter.empty
            for name, default in parts
        }


def compare(ours, theirs, x):
    """Forward and backward of both modules on x, and the gradients of their parameters."""
    agree(ours, theirs, x)
    for (name, p), (other, q) in zip(
        ours.named_parameters(), theirs.named_parameters(), strict=True
    ):
        assert name == other
        np.testing.assert_allclose(p.grad, q.grad.numpy(), **CLOSE)


def pair(name, args, options):
    """The same module in both engines, with the same float64 weights."""
    ours, theirs = (getattr(face, name)(*args, **options).double() for face in (nn, torch.nn))
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


class TorchsDraws:
    """A generator whose numbers are above every p where torch keeps, and 0 where it drops."""

    def __init__(self, kept):
        self.kept = kept

    def random(self, shape, dtype=np.float64):
        kept = self.kept[tuple(slice(0, n) for n in shape)]  # of a whole channel one entry tells
        return np.where(kept, 1.0, 0.0).astype(dtype)


def same_draws(monkeypatch, theirs, x):
    """Let our random layers drop what torch's layer drops on x; return torch's, repeatable."""

    def seeded(*inputs):
        torch.manual_seed(4)
        return theirs(*inputs)

    here, there = (seeded(torch.tensor(values)) for values in (x, x + 1))
    monkeypatch.setattr(dropouts, "generator", lambda: TorchsDraws((here != there).numpy()))
    return seeded


def test_the_draws_are_torch_s(monkeypatch):
    same_draws(monkeypatch, torch.nn.Dropout(0.3), np.ones((40, 50)))
    assert 0.6 < (dropouts.random_scale((40, 50), 0.3, np.float64) > 0).mean() < 0.8
    torch.manual_seed(4)
    kept = torch.nn.functional.dropout(torch.ones(40, 50), 0.3) != 0
    np.testing.assert_array_equal(dropouts.random_scale((40, 50), 0.3) > 0, kept.numpy())


@pytest.mark.parametrize(
    ("name", "args", "options", "x"), [case for case in cases(LAYERS) if case.values[0] in RANDOM]
)
def test_random_layers_in_training_on_torch_s_draws(monkeypatch, name, args, options, x):
    ours, theirs = pair(name, args, options)
    theirs = same_draws(monkeypatch, theirs, x)
    agree(ours, theirs, x)
    assert ours.training


@pytest.mark.parametrize(("name", "args", "options", "x"), cases(LAYERS))
def test_layers(name, args, options, x):
    if name == "Sequential":
        ours, theirs = (
            face.Sequential(face.Linear(5, 4), face.Sequential(face.Tanh()), face.Linear(4, 2))
            for face in (nn, torch.nn)
        )
        ours, theirs = ours.double(), theirs.double()
        theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    else:
        ours, theirs = pair(name, args, options)
    if name in RANDOM:
        ours, theirs = ours.eval(), theirs.eval()
    compare(ours, theirs, x)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss")
@pytest.mark.parametrize(("name", "options", "x", "target"), cases(LOSSES))
def test_losses(name, options, x, target):
    theirs = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    ours, theirs = getattr(nn, name)(**options), getattr(torch.nn, name)(**theirs)
    rest = target if isinstance(target, tuple) else (target,)
    with np.errstate(all="raise", divide="ignore", under="ignore"):
        compare(_Fixed(nn)(ours, rest), _Fixed(torch.nn)(theirs, map(torch.tensor, rest)), x)


@pytest.mark.parametrize(("name", "inputs", "options"), cases(FUNCTIONS))
def test_functions(name, inputs, options, monkeypatch):
    """Values, and the gradient with respect to every input."""
    given = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}

    def theirs(*xs):
        return getattr(torch.nn.functional, name)(*xs, **given)

    if name in RANDOM:
        theirs = same_draws(monkeypatch, theirs, inputs[0])
    with np.errstate(all="raise", under="ignore"):
        agree(lambda *xs: getattr(nn.functional, name)(*xs, **options), theirs, *inputs)


@pytest.mark.parametrize("name", LOSS_FUNCTIONS)
def test_loss_functions_are_the_classes(name):
    """What the class computes is compared with torch above; here, that it is the same thing."""
    for options, x, target in LOSSES[LOSS_FUNCTIONS[name]]:
        rest = target if isinstance(target, tuple) else (target,)
        expected = getattr(nn, LOSS_FUNCTIONS[name])(**options)(x, *rest)
        out = getattr(nn.functional, name)(x, *rest, **options)
        np.testing.assert_array_equal(out.numpy(), expected.numpy())


def _Fixed(face):
    """A module whose only input is the first of the loss; the others are fixed."""

    class Fixed(face.Module):
        def __init__(self, loss, rest):
            super().__init__()
            self.loss, self.rest = loss, tuple(rest)

        def forward(self, x):
            return self.loss(x, *self.rest)

    return Fixed


def test_default_weights_have_torch_s_range():
    manual_seed(0)
    torch.manual_seed(0)
    layer, other = nn.Linear(400, 300), torch.nn.Linear(400, 300)
    bound = 400**-0.5
    for p, q in zip(layer.parameters(), other.parameters(), strict=True):
        assert p.dtype == np.float32
        assert p.shape == tuple(q.shape)
        for values in (p.data, q.detach().numpy()):
            largest = np.abs(values).max()
            # Of 300 uniform numbers all lie below 0.95 of the bound once in five million draws.
            assert 0.95 * bound < largest <= bound * (1 + 1e-6)
            np.testing.assert_allclose(values.std(), bound / 3**0.5, rtol=0.1)
