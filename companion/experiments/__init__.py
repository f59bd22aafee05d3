"""How the book runs its experiments, so that pages show what they teach.

Tools first: ``comparison`` tunes each side of a comparison on the same budget before it is judged,
``side_by_side`` and ``stacked_networks`` train many small networks as one, ``rate_grids`` and
``racing`` find learning rates, ``timing`` takes times. The rooms ``gradients``, ``optimization``
and ``regularization`` hold the experiments of these parts, one file each, named after what it
measures. A page that uses one says in a fold, *How this was measured*, which grid, seeds and budget
it took.
"""
