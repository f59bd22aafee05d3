"""Known wrong answers to the exercises of the chapter on residual networks."""

import numpy as np

from companion.exercises import wrong


@wrong("block-by-hand", fails="test_the_output_of_the_block")
def through_and_back():
    """Forgets the shortcut."""
    return 0.0, 1.5


@wrong("block-by-hand", fails="test_the_output_of_the_block")
def through_and_back():
    """ReLU before the sum."""
    return 4.0, 1.5


@wrong("block-by-hand", fails="test_the_gradient_of_the_input")
def through_and_back():
    """The gradient of the branch alone."""
    return 2.0, -1.5


@wrong("block-by-hand", fails="test_the_gradient_of_the_input")
def through_and_back():
    """Forgets dy."""
    return 2.0, 0.5


@wrong("branch-of-zeros", fails="test_gradient_through_branches_of_zeros")
def gradient_at_the_input():
    """Thinks of a plain network."""
    return "zero"


@wrong("branch-of-zeros", fails="test_gradient_through_branches_of_zeros")
def gradient_at_the_input():
    """Thinks of random branches."""
    return "larger"


@wrong("branch-of-zeros", fails="test_gradient_through_branches_of_zeros")
def gradient_at_the_input():
    """Answers with a number."""
    return 1


@wrong("residual-step", fails="test_the_output")
def residual_step(X, W1, W2, dY):
    """ReLU before the sum."""
    A = np.maximum(X @ W1, 0)
    F = A @ W2
    dF = dY * (F > 0)
    dZ = (dF @ W2.T) * (A > 0)
    return np.maximum(F, 0) + X, dZ @ W1.T + dY, X.T @ dZ, A.T @ dF


@wrong("residual-step", fails="test_the_gradient_of_the_inputs")
def residual_step(X, W1, W2, dY):
    """Forgets the shortcut on the way back."""
    A = np.maximum(X @ W1, 0)
    S = A @ W2 + X
    dS = dY * (S > 0)
    dZ = (dS @ W2.T) * (A > 0)
    return np.maximum(S, 0), dZ @ W1.T, X.T @ dZ, A.T @ dS


@wrong("residual-step", fails="test_the_gradient_of_the_inputs")
def residual_step(X, W1, W2, dY):
    """Sends dY past the last ReLU."""
    A = np.maximum(X @ W1, 0)
    S = A @ W2 + X
    dS = dY * (S > 0)
    dZ = (dS @ W2.T) * (A > 0)
    return np.maximum(S, 0), dZ @ W1.T + dY, X.T @ dZ, A.T @ dS


@wrong("residual-step", fails="test_the_gradients_of_the_weights")
def residual_step(X, W1, W2, dY):
    """Takes the gradient of W2 from dY, past the last ReLU."""
    A = np.maximum(X @ W1, 0)
    S = A @ W2 + X
    dS = dY * (S > 0)
    dZ = (dS @ W2.T) * (A > 0)
    return np.maximum(S, 0), dZ @ W1.T + dS, X.T @ dZ, A.T @ dY


@wrong("residual-step", fails="test_the_gradient_of_the_inputs")
def residual_step(X, W1, W2, dY):
    """Gives both ReLUs the slope 1 at 0."""
    Z = X @ W1
    A = np.maximum(Z, 0)
    S = A @ W2 + X
    dS = dY * (S >= 0)
    dZ = (dS @ W2.T) * (Z >= 0)
    return np.maximum(S, 0), dZ @ W1.T + dS, X.T @ dZ, A.T @ dS


@wrong("residual-step", fails="test_the_gradient_of_the_inputs")
def residual_step(X, W1, W2, dY):
    """Gives the last ReLU the slope 1 at 0."""
    A = np.maximum(X @ W1, 0)
    S = A @ W2 + X
    dS = dY * (S >= 0)
    dZ = (dS @ W2.T) * (A > 0)
    return np.maximum(S, 0), dZ @ W1.T + dS, X.T @ dZ, A.T @ dS


@wrong("count-resnet", fails="test_resnet_20")
def parameters_of_resnet(n):
    """Forgets batch norm."""
    total, c_in = 9 * 3 * 16, 16
    for c in (16, 32, 64):
        total += 9 * c_in * c + (2 * n - 1) * 9 * c * c
        c_in = c
    return total + 650


@wrong("count-resnet", fails="test_resnet_20")
def parameters_of_resnet(n):
    """Takes all convolutions of a stage with equal channels."""
    total = 9 * 3 * 16 + 2 * 16
    for c in (16, 32, 64):
        total += 2 * n * (9 * c * c + 2 * c)
    return total + 650


@wrong("count-resnet", fails="test_other_depths")
def parameters_of_resnet(n):
    """Knows the published number of one network."""
    return 269722


@wrong("diagnose-block", fails="test_which_block")
def written_block():
    """The right block."""
    return "A"


@wrong("diagnose-block", fails="test_which_block")
def written_block():
    """The plain one."""
    return "C"


@wrong("diagnose-block", fails="test_which_block")
def written_block():
    """The one that subtracts."""
    return "D"
