"""The networks of part IV, one family a file, built from the layers of either engine.

A network is a function whose first argument is the module with the layers, ``companion.nn`` or
``torch.nn``; state dicts go from one to the other. ``combining`` makes shortcuts and branches.
"""
