"""Part IV: networks for images, which slide small kernels over them.

One file is one idea: convolution and pooling, the sizes of what comes out and how far it sees, the
classic networks, shortcuts, modules of several branches, and what a trained network looks at.

``companion.nn`` lists the layers under PyTorch's names.
"""
