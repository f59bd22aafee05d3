"""Files of boxes: Pascal VOC's XML, COCO's JSON, YOLO's text, labelme's JSON.

Each reader returns `Annotated` images whose boxes are two corners in pixels, counted from the upper
left corner of the picture; each writer takes them. Nothing is skipped silently.
"""

from companion.data.annotations.annotated import Annotated
from companion.data.annotations.coco import read_coco, write_coco
from companion.data.annotations.labelme import read_labelme, write_labelme
from companion.data.annotations.voc import read_voc, write_voc
from companion.data.annotations.yolo import read_yolo, write_yolo

__all__ = [
    "Annotated",
    "read_coco",
    "read_labelme",
    "read_voc",
    "read_yolo",
    "write_coco",
    "write_labelme",
    "write_voc",
    "write_yolo",
]
