"""A network is a tree of modules; the tree knows its parameters by name."""

from textwrap import indent

import numpy as np

from companion.gradients.hooks import Handle, call_with_hooks
from companion.gradients.tensor import Tensor


class Parameter(Tensor):
    """A tensor that a `Module` learns: it always requires a gradient.

    Parameters
    ----------
    data : array_like
        Initial values, floating point.
    """

    __slots__ = ()

    def __init__(self, data):
        super().__init__(data, requires_grad=True)


class Module:
    """Base of every layer and network; subclasses define ``forward``.

    Attributes that are a `Parameter` or a `Module` are found by name; what else belongs to the
    state is registered as a buffer. The state dict has torch's keys and shapes, with arrays for
    values, so that weights move between the two.
    """

    training = True
    _forward_hooks = None
    _buffers = ()

    def __call__(self, *inputs):
        """Return ``forward(*inputs)``, as the hooks leave it."""
        if not self._forward_hooks:
            return self.forward(*inputs)
        return call_with_hooks(self, inputs, self._forward_hooks)

    def register_forward_hook(self, hook):
        """Call ``hook(module, inputs, output)`` after every forward pass of this module.

        Parameters
        ----------
        hook : callable
            Gets the module, the tuple of its inputs, and its output. If it returns something, that
            takes the place of the output.

        Returns
        -------
        Handle
            Its ``remove()`` takes the hook off.
        """
        if self._forward_hooks is None:
            self._forward_hooks = {}
        return Handle(self._forward_hooks, hook)

    def register_buffer(self, name, tensor):
        """Keep a tensor that is part of the state but not learned, as an attribute.

        Parameters
        ----------
        name : str
            Name of the attribute, and of the entry in the state dict.
        tensor : Tensor or None
            The values; None reserves the name.

        Raises
        ------
        TypeError
            If it is neither.
        ValueError
            If the name is taken.
        """
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"register_buffer: {name} is a {type(tensor).__name__}; wrap it in Tensor(…)"
            )
        if hasattr(self, name):
            raise ValueError(f"register_buffer: the name {name!r} is taken; choose another")
        setattr(self, name, tensor)
        self._buffers = (*self._buffers, name)

    def children(self):
        """Yield the modules that are attributes of this one, each once."""
        return iter({id(child): child for _, child in self._named_children()}.values())

    def modules(self):
        """Yield this module and all below it, parents first, each once."""
        return (module for _, module in self.named_modules())

    def named_modules(self, prefix="", remove_duplicate=True):
        """Yield (name, module) for this module and all below it, parents first.

        Parameters
        ----------
        prefix : str
            Name of this module; those below are named ``prefix.child``.
        remove_duplicate : bool
            Whether a module that stands in two places comes once, under its first name.
        """
        seen = set()
        for name, module in self._all_modules(prefix):
            if id(module) not in seen or not remove_duplicate:
                seen.add(id(module))
                yield name, module

    def apply(self, fn):
        """Call ``fn(module)`` for all modules below this one, then for this one; return self."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def named_parameters(self, prefix=""):
        """Yield (name, parameter), each parameter once, such as ``("0.weight", ...)``."""
        return _each_once((n, t) for n, t in self._state(prefix) if isinstance(t, Parameter))

    def parameters(self):
        """Yield every parameter once."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self, prefix=""):
        """Yield (name, buffer), each buffer once, such as ``("1.running_mean", ...)``."""
        return _each_once((n, t) for n, t in self._state(prefix) if not isinstance(t, Parameter))

    def buffers(self):
        """Yield every buffer once."""
        return (buffer for _, buffer in self.named_buffers())

    def zero_grad(self):
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode=True):
        """Switch layers that behave differently in training to training; return self."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self):
        """Switch to evaluation; return self."""
        return self.train(False)

    def double(self):
        """Turn all parameters and floating-point buffers into float64; return self."""
        return self._cast(np.float64)

    def float(self):
        """Turn all parameters and floating-point buffers into float32; return self."""
        return self._cast(np.float32)

    def state_dict(self):
        """Return a copy of all parameters and buffers: name → array, torch's names and shapes."""
        return {name: tensor.data.copy() for name, tensor in self._state()}

    def load_state_dict(self, state):
        """Copy values into the parameters and buffers.

        Parameters
        ----------
        state : dict
            Name → array; a torch module's ``state_dict()`` fits as it is.

        Raises
        ------
        KeyError
            If names are missing or left over; nothing is loaded then.
        ValueError
            If a shape differs; nothing is loaded then.
        """
        own = dict(self._state())
        if own.keys() != state.keys():
            raise KeyError(
                f"load_state_dict: missing {sorted(own.keys() - state.keys())}, "
                f"not expected {sorted(state.keys() - own.keys())}"
            )
        new = {name: np.asarray(value) for name, value in state.items()}
        for name, value in new.items():
            if value.shape != own[name].shape:
                raise ValueError(
                    f"load_state_dict: {name} is {value.shape} here, {own[name].shape} in the model"
                )
        for name, value in new.items():
            own[name].data = value.astype(own[name].dtype)

    def __repr__(self):
        children = [f"({name}): {child!r}" for name, child in self._named_children()]
        inside = indent("\n".join(["", *children]), "  ") + "\n" if children else self.extra_repr()
        return f"{type(self).__name__}({inside})"

    def extra_repr(self):
        """Return what stands between the brackets of a layer without children."""
        return ""

    def _state(self, prefix=""):
        """Yield every (name, parameter or buffer); shared ones come under each of their names."""
        for name, value in vars(self).items():
            if isinstance(value, Parameter):
                yield prefix + name, value
        for name in self._buffers:
            if getattr(self, name) is not None:
                yield prefix + name, getattr(self, name)
        for name, child in self._named_children():
            yield from child._state(f"{prefix}{name}.")

    def _all_modules(self, prefix):
        """Yield every (name, module); one that stands in two places comes under both names."""
        yield prefix, self
        for name, child in self._named_children():
            yield from child._all_modules(f"{prefix}.{name}" if prefix else name)

    def _named_children(self):
        return ((name, v) for name, v in vars(self).items() if isinstance(v, Module))

    def _cast(self, dtype):
        for _, tensor in _each_once(self._state()):
            if tensor.dtype.kind == "f":
                tensor.data, tensor.grad = tensor.data.astype(dtype), None
        return self


def _each_once(named):
    """Yield (name, tensor) pairs, each tensor under its first name."""
    seen = set()
    for name, tensor in named:
        if id(tensor) not in seen:
            seen.add(id(tensor))
            yield name, tensor


class Sequential(Module):
    """Modules applied one after another; parameters are named by position.

    Parameters
    ----------
    *modules : Module
        First to last.
    """

    def __init__(self, *modules):
        for position, module in enumerate(modules):
            setattr(self, str(position), module)

    def forward(self, x):
        """Pass `x` through all modules in order."""
        for _, module in self._named_children():
            x = module(x)
        return x

    def __getitem__(self, position):
        """Return one module, or of a slice another `Sequential`, in which modules keep their names.

        It shares them: what it learns, this one knows.
        """
        named = list(self._named_children())
        if not isinstance(position, slice):
            return named[position][1]
        part = Sequential()
        for name, module in named[position]:
            setattr(part, name, module)
        return part

    def __len__(self):
        return len(list(self._named_children()))
