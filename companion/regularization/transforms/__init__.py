"""Transforms of training images, under the names of ``torchvision.transforms.v2``.

Every transform takes a `Sample` (an image with its label, boxes, landmarks and mask) or an image
alone, and a NumPy generator or seed; it moves what is marked along with the pixels. `MixUp` and
`CutMix` take whole batches. ``batches`` moves many small grey images at once.

One file is one idea: ``moves`` holds maps of the plane, ``sampling`` reads images between their
pixels, ``moving`` applies the one by the other to all parts of a sample.
"""

from companion.regularization.transforms.batches import augmenter, warped
from companion.regularization.transforms.colour import ColorJitter, GaussianNoise, PCAColor
from companion.regularization.transforms.elastic import ElasticTransform
from companion.regularization.transforms.erasing import RandomErasing
from companion.regularization.transforms.geometry import RandomAffine, RandomRotation
from companion.regularization.transforms.mixing import CutMix, MixUp
from companion.regularization.transforms.rearranging import (
    Pad,
    RandomCrop,
    RandomHorizontalFlip,
    RandomVerticalFlip,
    SanitizeBoundingBoxes,
)
from companion.regularization.transforms.sample import Sample
from companion.regularization.transforms.transform import Compose, RandomApply, Transform

__all__ = [
    "ColorJitter",
    "Compose",
    "CutMix",
    "ElasticTransform",
    "GaussianNoise",
    "MixUp",
    "PCAColor",
    "Pad",
    "RandomAffine",
    "RandomApply",
    "RandomCrop",
    "RandomErasing",
    "RandomHorizontalFlip",
    "RandomRotation",
    "RandomVerticalFlip",
    "Sample",
    "SanitizeBoundingBoxes",
    "Transform",
    "augmenter",
    "warped",
]
