"""How much style: pairs of photographs, painted with growing weight of the style.

It takes minutes; what it found is kept beside this file and read by `stored`. To make it anew, from
the top of the repository::

    python -m companion.experiments.cnn.style_weights
"""

import base64
import io
import json
from importlib import import_module
from pathlib import Path

import numpy as np
from PIL import Image

FILE = Path(__file__).with_name("style_weights.json")
CONTENTS, STYLES = ("china", "cat"), ("coffee", "tissue", "stars")
WEIGHTS = (0.1, 0.3, 1, 3, 10, 30, 100)
SIZE, STEPS, RATE, SMOOTHNESS = 129, 100, 0.03, 5.0
KEPT = ("china", "coffee")
"""The pair whose pictures at all weights are kept."""
EXAMPLE = 10
"""The weight whose pictures are kept of all pairs."""


def contest(paint, pairs, weights=WEIGHTS):
    """Paint each pair of photographs at each weight.

    Parameters
    ----------
    paint : callable
        ``paint(content, style, weight)`` returns a picture (H, W, 3), from 0 to 1, and a dict with
        "content" and "style", the costs that are left.
    pairs : sequence of pair of str
        Names of content and style.
    weights : sequence of float
        Factors of the style, with `EXAMPLE` among them.

    Returns
    -------
    list of dict
        One for each pair: "pair", "content" and "style", lists over the weights, and "example", a
        picture as text. Where the pair is `KEPT`, also "pictures".
    """
    found = []
    for pair in pairs:
        made = [paint(*pair, weight) for weight in weights]
        entry = {"pair": list(pair)}
        for name in ("content", "style"):
            entry[name] = [float(f"{parts[name]:.4g}") for _, parts in made]
        entry["example"] = as_text(made[list(weights).index(EXAMPLE)][0])
        if tuple(pair) == KEPT:
            entry["pictures"] = [as_text(picture) for picture, _ in made]
        found.append(entry)
    return found


def as_text(picture, quality=85):
    """Write a picture (H, W, 3), from 0 to 1, as a JPEG in letters and digits."""
    file, pixels = io.BytesIO(), (255 * np.clip(picture, 0, 1)).round().astype(np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def as_picture(text):
    """Read what `as_text` wrote, (H, W, 3) float32, from 0 to 1."""
    with Image.open(io.BytesIO(base64.b64decode(text))) as image:
        return np.asarray(image, np.float32) / 255


def stored():
    """Read what the contest found.

    Returns
    -------
    dict
        (content, style) → a dict: "content" and "style" are arrays over the weights; "example", and
        "pictures" of the pair that is `KEPT`, are pictures (H, W, 3).
    """
    found = {}
    for entry in json.loads(FILE.read_text(encoding="utf-8")):
        kept = {name: np.array(entry[name]) for name in ("content", "style")}
        kept["example"] = as_picture(entry["example"])
        if "pictures" in entry:
            kept["pictures"] = [as_picture(text) for text in entry["pictures"]]
        found[tuple(entry["pair"])] = kept
    return found


def painter(body, prepared_squares, shown, style, photograph, **options):
    """Make the function that paints a pair, of parts that stand above this layer.

    Parameters
    ----------
    body : Module
        Frozen, of either engine.
    prepared_squares : callable
        Photographs → arrays (N, 3, H, W) for the body.
    shown : callable
        One of those arrays → a picture (H, W, 3), from 0 to 1.
    style : module
        ``companion.cnn.style.transfer``.
    photograph : callable
        Name → photograph.
    **options
        "steps", "rate" and "smoothness" where they differ from those of this module.

    Returns
    -------
    callable
        As `contest` takes it.
    """
    steps, rate = options.get("steps", STEPS), options.get("rate", RATE)
    smoothness = options.get("smoothness", SMOOTHNESS)

    def paint(content, other, weight):
        pair = prepared_squares([photograph(content), photograph(other)])
        cost = style.TotalCost(body, *pair, style_weight=weight, smoothness=smoothness)
        picture, _ = style.painted(cost, pair[0], steps, rate)
        cost(picture)
        return shown(picture), dict(cost.parts)

    return paint


def _main():
    """Paint with torch and keep what came out."""
    # The engine and the networks stand above this layer, so they are fetched by name.
    torch, borrowed = import_module("torch"), import_module("companion.cnn.networks.pretrained")
    style = import_module("companion.cnn.style.transfer")
    photographs = import_module("companion.data.photographs")
    torch.set_num_threads(1)
    body = borrowed.pretrained_efficientnet_lite0(torch.nn)[0]

    def prepared_squares(photos):
        return borrowed.prepared(borrowed.squares(photos, SIZE))

    paint = painter(body, prepared_squares, borrowed.shown, style, photographs.photograph)
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []
    done = {tuple(entry["pair"]) for entry in known}
    for pair in ((content, other) for content in CONTENTS for other in STYLES):
        if pair not in done:  # so that it can be made in parts
            known += contest(paint, [pair])
            print(known[-1]["pair"], known[-1]["content"], known[-1]["style"], flush=True)
            FILE.write_text(json.dumps(known), encoding="utf-8")


if __name__ == "__main__":
    _main()
