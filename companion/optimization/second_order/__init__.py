"""Methods that use curvature: each minimizes a function of one vector, given its gradient.

``newton`` and ``newton_cg`` ask for second derivatives or for products with them; ``bfgs`` and
``lbfgs`` learn them from gradients; ``conjugate_gradients`` solves Ax = b, and ``nonlinear_cg``
carries its idea over. ``line_search`` and ``wolfe`` choose how far to go; ``flat`` turns a network
and its data into a function of one vector. All return a ``Minimum``.
"""
