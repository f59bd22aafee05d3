"""Standard problems, with derivatives by torch's automatic differentiation."""

from typing import NamedTuple

import numpy as np
import torch

from companion.data.diabetes import diabetes


class Problem(NamedTuple):
    """A function of a tensor (n,), and where to begin."""

    formula: object
    start: tuple

    def value(self, x):
        return self.formula(torch.tensor(x)).item()

    def gradient(self, x):
        x = torch.tensor(x, requires_grad=True)
        self.formula(x).backward()
        return x.grad.numpy()

    def hessian(self, x):
        return torch.autograd.functional.hessian(self.formula, torch.tensor(x)).numpy()


def rosenbrock(x):
    return torch.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def beale(x):
    return sum((c - x[0] + x[0] * x[1] ** k) ** 2 for k, c in enumerate((1.5, 2.25, 2.625), 1))


def powell_singular(x):
    ends = (x[1] - 2 * x[2]) ** 4 + 10 * (x[0] - x[3]) ** 4
    return (x[0] + 10 * x[1]) ** 2 + 5 * (x[2] - x[3]) ** 2 + ends


def wood(x):
    a, b, c, d = x
    pairs = 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1)
    return 100 * (b - a**2) ** 2 + (1 - a) ** 2 + 90 * (d - c**2) ** 2 + (1 - c) ** 2 + pairs


def himmelblau(x):
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


CURVATURES = torch.logspace(0, 4, 20, dtype=torch.float64)


def ill_conditioned(x):
    return 0.5 * torch.sum(CURVATURES * x * x) - torch.sum(x)


def _patients():
    data = diabetes()
    X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    X = np.c_[X, np.ones(len(X))]
    return torch.tensor(X), torch.tensor((data.y > np.median(data.y)).astype(float))


PATIENTS, ABOVE = _patients()


def logistic(w):
    z = PATIENTS @ w
    cost = torch.mean(torch.nn.functional.softplus(z) - ABOVE * z)
    return cost + 0.5e-3 * torch.sum(w * w)


PROBLEMS = {
    "Rosenbrock": Problem(rosenbrock, (-1.2, 1.0)),
    "Rosenbrock in ten dimensions": Problem(rosenbrock, (1.3, 0.7, 0.8, 1.9, 1.2) * 2),
    "Beale": Problem(beale, (1.0, 1.0)),
    "Powell's singular function": Problem(powell_singular, (3.0, -1.0, 0.0, 1.0)),
    "Wood": Problem(wood, (-3.0, -1.0, -3.0, -1.0)),
    "Himmelblau": Problem(himmelblau, (0.0, 0.0)),
    "condition 10,000": Problem(ill_conditioned, (0.0,) * 20),
    "logistic regression": Problem(logistic, (0.0,) * 11),
}
