"""Define first, run later: graphs in the manner of TensorFlow 1, from the companion's primitives.

``nodes`` are what a graph is made of, ``gradients`` adds the nodes of derivatives, ``session`` runs
a graph, ``rewriting`` looks at one before it runs. Told in the chapter :ref:`frameworks`.
"""
