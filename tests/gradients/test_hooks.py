"""Hooks, names and `apply` behave as torch's: same calls, same order."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.tensor import Tensor


def nested(face):
    shared = face.Linear(3, 3)
    return face.Sequential(
        shared, face.Sequential(face.Tanh(), shared, face.Sequential(face.ReLU())), face.Identity()
    )


def x_for(face):
    x = np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)
    return Tensor(x) if face is nn else torch.tensor(x)


def calls(face):
    """Names in the order in which the hooks of all modules are called."""
    model, seen = nested(face), []
    for name, module in model.named_modules():
        for k in (1, 2):
            module.register_forward_hook(lambda *_, n=name, k=k: seen.append((n, k)))
    model(x_for(face))
    return seen


def test_hooks_are_called_in_torch_s_order():
    ours = calls(nn)
    assert ours == calls(torch.nn)
    assert ours[:2] == [("0", 1), ("0", 2)]
    assert ours[-1] == ("", 2)


def test_a_hook_sees_module_inputs_and_output():
    for face in (nn, torch.nn):
        layer, seen = face.Linear(3, 2), []
        layer.register_forward_hook(lambda *given, seen=seen: seen.append(given))
        x = x_for(face)
        out = layer(x)
        ((module, inputs, output),) = seen
        assert module is layer
        assert isinstance(inputs, tuple)
        assert inputs[0] is x
        assert output is out


def test_what_a_hook_returns_replaces_the_output():
    for face in (nn, torch.nn):
        layer, seen = face.Identity(), []
        layer.register_forward_hook(lambda module, inputs, output: output * 2)
        layer.register_forward_hook(lambda module, inputs, output, s=seen: s.append(output))
        layer.register_forward_hook(lambda module, inputs, output: output + 1)
        x = x_for(face)
        np.testing.assert_allclose(np.asarray(layer(x)), 2 * np.asarray(x) + 1, rtol=1e-6)
        np.testing.assert_allclose(np.asarray(seen[0]), 2 * np.asarray(x), rtol=1e-6)


def test_removed_hooks_are_not_called():
    for face in (nn, torch.nn):
        layer, seen = face.Identity(), []
        first = layer.register_forward_hook(lambda *_, s=seen: s.append(1))
        second = layer.register_forward_hook(lambda *_, s=seen: s.append(2))
        first.remove()
        first.remove()
        layer(x_for(face))
        with second:
            layer(x_for(face))
        layer(x_for(face))
        assert seen == [2, 2]


def test_a_hook_may_remove_itself():
    for face in (nn, torch.nn):
        layer, seen, handles = face.Identity(), [], []

        def once(*_, seen=seen, handles=handles):
            seen.append(1)
            handles[0].remove()

        handles.append(layer.register_forward_hook(once))
        layer.register_forward_hook(lambda *_, s=seen: s.append(2))
        layer(x_for(face)), layer(x_for(face))
        assert seen == [1, 2, 2]


def test_hooks_belong_to_one_module_and_stay_out_of_state_and_repr():
    one, other = nested(nn), nested(nn)
    one.register_forward_hook(lambda *_: pytest.fail("called"))
    other(x_for(nn))
    assert one.state_dict().keys() == other.state_dict().keys()
    assert repr(one) == repr(nested(torch.nn))


@pytest.mark.parametrize("options", [{}, {"remove_duplicate": False}, {"prefix": "net"}])
def test_named_modules_are_torch_s(options):
    def listed(face):
        found = nested(face).named_modules(**options)
        return [(name, type(module).__name__) for name, module in found]

    assert listed(nn) == listed(torch.nn)


def test_modules_and_children_come_once_as_in_torch():
    def counts(face):
        layer = face.Linear(3, 3)
        model = face.Sequential(layer, face.Tanh(), layer, face.Sequential(layer))
        return len(list(model.modules())), len(list(model.children())), len(model)

    assert counts(nn) == counts(torch.nn) == (4, 3, 4)


def test_apply_goes_through_torch_s_order_and_returns_the_model():
    for face in (nn, torch.nn):
        model, seen = nested(face), []
        assert model.apply(lambda m, s=seen: s.append(type(m).__name__)) is model
        inner = ["Tanh", "Linear", "ReLU", "Sequential", "Sequential"]
        assert seen == ["Linear", *inner, "Identity", "Sequential"]


def test_apply_initializes():
    def fresh(module):
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)

    model = nested(nn).apply(fresh)
    assert not any(v.any() for name, v in model.state_dict().items() if name.endswith("bias"))
