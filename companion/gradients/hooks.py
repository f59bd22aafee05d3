"""Hooks: functions that a module calls with what goes in and what comes out."""

import itertools


class Handle:
    """What registering a hook returns: the way to take it off again.

    Also a context manager that removes the hook at its end.
    """

    _numbers = itertools.count()

    def __init__(self, hooks, hook):
        self._hooks, self._number = hooks, next(self._numbers)
        hooks[self._number] = hook

    def remove(self):
        """Take the hook off; a second call does nothing."""
        self._hooks.pop(self._number, None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def call_with_hooks(module, inputs, hooks):
    """Run ``module.forward``, then each hook in the order of registration.

    A hook that returns something replaces the output, for the hooks after it too.
    """
    output = module.forward(*inputs)
    for hook in [*hooks.values()]:  # a list, since a hook may remove itself
        changed = hook(module, inputs, output)
        output = output if changed is None else changed
    return output
