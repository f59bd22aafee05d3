"""Reverse-mode automatic differentiation on NumPy arrays, and the networks it trains.

Read the modules in this order: ``tape`` and ``graph`` (tensors, primitives, the backward pass);
``arithmetic``, ``elementwise``, ``reductions`` and ``shaping`` (the primitives); ``tensor`` (which
operator is which primitive); ``activations``, ``losses``, ``module``, ``layers`` and ``sgd`` (a
network and how it learns); ``hyperplane``, ``perceptron``, ``logistic`` and ``backpropagation``
(by hand); ``gradcheck`` (the proof), which stands on ``finite_differences``, ``gradient_report``,
``gradient_verdicts``, ``gradient_mistakes``, ``gradient_places`` and ``mistakes``.
"""
