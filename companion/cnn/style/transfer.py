"""Style transfer: an image that is changed until its feature maps are as wanted."""

import numpy as np

from companion.cnn.style.gram import gram
from companion.cnn.style.losses import content_loss, style_loss, total_variation
from companion.gradients.tensor import Tensor
from companion.optimization.adam import Adam
from companion.training.engines import adapt, to_numpy

LOW, HIGH = -127 / 128, 1.0
"""What black and white are for EfficientNet-Lite; see `prepared`."""


class Layers:
    """Some layers of a stack, and the way back from all of them to the pixels.

    Parameters
    ----------
    body : Module
        A ``Sequential`` of either engine, in evaluation mode, its parameters without gradients.
    chosen : sequence of int
        Places in the stack whose outputs are wanted. Nothing behind the last of them is computed.

    Attributes
    ----------
    chosen : list of int
        In rising order.

    Raises
    ------
    ValueError
        If a layer is not in the stack, none is chosen, or a parameter asks for gradients.
    """

    def __init__(self, body, chosen):
        self.body, self.chosen = body, sorted(set(chosen))
        count = len(list(body.children()))
        if not self.chosen or self.chosen[0] < 0 or self.chosen[-1] >= count:
            raise ValueError(
                f"Layers: {list(chosen)} of a stack of {count}; choose at least one, from 0 on"
            )
        if any(parameter.requires_grad for parameter in body.parameters()):
            raise ValueError(
                "Layers: parameters ask for gradients, which nobody needs here; "
                "set requires_grad = False for each, or freeze the network"
            )
        self._stack = list(body.children())[: self.chosen[-1] + 1]
        self._pixels, self._maps = None, {}

    def forward(self, image):
        """Send an image through the layers.

        Parameters
        ----------
        image : array_like
            (C, H, W).

        Returns
        -------
        dict
            Layer → its maps, (C′, H′, W′), an array.
        """
        self._pixels = self._leaf(np.asarray(image)[None])
        self._maps, h = {}, self._pixels
        for place, layer in enumerate(self._stack):
            h = layer(h)
            if place in self.chosen:
                self._maps[place] = h
        return {place: to_numpy(maps)[0] for place, maps in self._maps.items()}

    def backward(self, gradients):
        """Carry gradients for the maps of the last image back to its pixels.

        Parameters
        ----------
        gradients : dict
            Layer → gradient for its maps.

        Returns
        -------
        numpy.ndarray
            (C, H, W).

        Raises
        ------
        ValueError
            If no image was sent forward since the last call.
        """
        if self._pixels is None:
            raise ValueError("Layers.backward: send an image forward first")
        # The sum of maps times constants has just these constants as its gradients.
        total = 0
        for place, gradient in gradients.items():
            constant = self._constant(gradient[None])
            total = total + (self._maps[place] * constant).sum()
        total.backward()
        pixels, self._pixels, self._maps = self._pixels, None, {}
        return to_numpy(pixels.grad)[0]

    def _constant(self, array):
        (values,) = adapt(self.body, array)
        return Tensor(values) if values is array else values

    def _leaf(self, array):
        pixels = self._constant(array)
        pixels.requires_grad = True
        return pixels


class TotalCost:
    """Content, style and smoothness of an image in one number, with its gradient.

    Parameters
    ----------
    body : Module
        As for `Layers`.
    content, style : array_like, optional
        Prepared photographs, (3, H, W); one of them may be left out. Sizes may differ.
    content_layers, style_layers : sequence of int
        Places in the body where each is compared.
    content_weight, style_weight, smoothness : float
        Factors of the parts: of the mean over the content layers, of the mean over the style
        layers, and of `total_variation`.

    Attributes
    ----------
    parts : dict
        "content", "style" and "smooth" of the last image, without the factors.
    by_layer : dict
        ("content" or "style", layer) → its part for the last image.

    Raises
    ------
    ValueError
        If neither content nor style is given.

    Notes
    -----
    Gatys, Ecker and Bethge (2016), equation 7. Chapter :ref:`style`.
    """

    def __init__(
        self,
        body,
        content=None,
        style=None,
        *,
        content_layers=(7,),
        style_layers=(1, 3, 5, 7, 10),
        content_weight=1.0,
        style_weight=1.0,
        smoothness=0.0,
    ):
        self.terms, self.smoothness = [], smoothness
        self.parts, self.by_layer = {}, {}
        if content is not None:
            seen = Layers(body, content_layers).forward(content)
            for k in content_layers:
                share = float(content_weight) / len(content_layers)
                self.terms.append(("content", k, content_loss, seen[k], share))
        if style is not None:
            seen = Layers(body, style_layers).forward(style)
            for k in style_layers:
                share = float(style_weight) / len(style_layers)
                self.terms.append(("style", k, style_loss, gram(seen[k]), share))
        if not self.terms:
            raise ValueError("TotalCost: give a photograph for content, for style, or both")
        self.layers = Layers(body, [k for _, k, *_ in self.terms])

    def __call__(self, image):
        """Return the cost of an image (3, H, W), a float, and its gradient, (3, H, W)."""
        maps, gradients, cost = self.layers.forward(image), {}, 0.0
        self.by_layer = {}
        for name, k, loss_of, wanted, share in self.terms:
            loss, gradient = loss_of(maps[k], wanted)
            self.by_layer[name, k] = loss
            cost += share * loss
            gradients[k] = gradients.get(k, 0) + share * gradient
        rough, slope = total_variation(image)
        self.parts = {"smooth": rough}
        for name in dict.fromkeys(name for name, _ in self.by_layer):
            own = [loss for (other, _), loss in self.by_layer.items() if other == name]
            self.parts[name] = float(np.mean(own))
        pixels = self.layers.backward(gradients)
        return cost + self.smoothness * rough, pixels + self.smoothness * slope


def painted(cost, start, steps, rate=0.02, watch=None):
    """Change an image by Adam until it costs less, within black and white.

    Parameters
    ----------
    cost : callable
        Image → (cost, gradient), such as a `TotalCost`; its `parts` are noted, if it has any.
    start : array_like
        (3, H, W), the first image; stays as it is.
    steps : int
        Updates, one forward and backward pass each.
    rate : float
        Learning rate: about how far a pixel moves in a step, of about 2 from black to white.
    watch : callable, optional
        Called as ``watch(step, image)`` with a copy of the image before each step.

    Returns
    -------
    tuple
        The image (3, H, W), and a list of a dict for each step: "cost" and the parts.

    Raises
    ------
    FloatingPointError
        If the cost is no longer finite.

    Notes
    -----
    Gatys, Ecker and Bethge (2016) use L-BFGS. Chapter :ref:`style`.
    """
    pixels = Tensor(np.array(start), requires_grad=True)
    adam, history = Adam([pixels], lr=rate), []
    for step in range(steps):
        if watch is not None:
            watch(step, pixels.data.copy())
        value, pixels.grad = cost(pixels.data)
        if not np.isfinite(value):
            raise FloatingPointError(
                f"painted: the cost is {value} after {step} steps; try a smaller rate than {rate}"
            )
        history.append({"cost": value, **getattr(cost, "parts", {})})
        adam.step()
        pixels.data = pixels.data.clip(LOW, HIGH)
    return pixels.data, history
