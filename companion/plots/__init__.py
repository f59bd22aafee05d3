"""House style for figures: one look that serves light pages, dark pages and paper.

Call ``use_style()`` once at the top of a chapter. Then: ``bands`` and ``training_curves`` for runs
over several seeds, ``decision_regions`` and ``scatter`` for two-dimensional data, ``contours`` and
``walks`` for functions of two numbers, ``images`` for rows of pictures, ``error_ladder`` for
the gaps between errors on several sets, ``animate`` for motion, ``explore`` for a figure with
controls that the reader of the page can move.

Drawings: ``draw_neuron`` for one unit, ``draw_network`` for layers with their weights,
``draw_graph`` for the graph of a tensor, ``draw_wires`` for a computation with its values and
gradients (``backward_steps`` for the way back, step by step), ``draw_dataflow`` for any graph that
is given as a dictionary, ``draw_array`` for an array as a block of cells with the part that an
operation touches, ``draw_kernel`` for a kernel on its way over an image, ``draw_unrolled`` for a
recurrence in time, ``draw_unrolled_numbers`` for one with its numbers, ``draw_directions`` for its
layers and the way each one reads, ``draw_reading`` for its states in a real run,
``draw_sequence_tasks`` for which steps of a task read and answer, ``draw_lstm`` and ``draw_gru``
for a cell with gates, ``draw_translator`` for an encoder and a decoder, step by step,
``draw_windows`` and ``draw_two_games`` for words and their neighbours, ``draw_tree`` for a binary
tree over words, ``draw_sentences`` for the tree of possible sentences, ``draw_volumes`` and
``draw_sheets`` for what lies between the layers of a large and a small network for images,
``draw_branches`` for a module of several branches, ``draw_boxes`` for boxes over a picture,
``attention_map`` for who looks at whom, ``draw_questions`` for questions that are asked one after
the other, ``draw_translator`` for an encoder and a decoder, ``draw_bottleneck`` for a decoder that
cannot look back, ``draw_look`` for one that can, ``draw_gaze`` for one place that looks at a row,
``draw_blocks`` for layers and the ways round them, ``draw_paths`` and ``draw_lattice`` for texts
without times. ``listen`` shows players for sounds.
"""

from companion.plots.animation import animate
from companion.plots.arrays import draw_array
from companion.plots.attention import attention_map
from companion.plots.blocks import draw_blocks
from companion.plots.boxes import draw_boxes
from companion.plots.branches import draw_branches
from companion.plots.curves import bands, training_curves
from companion.plots.dataflow import draw_dataflow
from companion.plots.directions import draw_directions
from companion.plots.explorer import explore
from companion.plots.gates import draw_gru, draw_lstm
from companion.plots.gaze import draw_gaze
from companion.plots.graph import draw_graph
from companion.plots.kernels import draw_kernel
from companion.plots.ladders import draw_questions, error_ladder
from companion.plots.landscapes import contours, level_lines, walks
from companion.plots.looks import draw_bottleneck, draw_look
from companion.plots.network import GRADIENT, draw_network, draw_neuron
from companion.plots.planes import decision_regions, images, line_of, scatter
from companion.plots.readings import draw_reading
from companion.plots.sentences import draw_sentences
from companion.plots.sequence_tasks import draw_sequence_tasks
from companion.plots.sheets import draw_sheets
from companion.plots.sound import listen
from companion.plots.style import COLORS, STYLES, use_style
from companion.plots.timings import draw_lattice, draw_paths
from companion.plots.translators import draw_translator
from companion.plots.trees import draw_tree
from companion.plots.unrolled import draw_unrolled
from companion.plots.unrolled_numbers import draw_unrolled_numbers
from companion.plots.volumes import draw_volumes
from companion.plots.windows import draw_two_games, draw_windows
from companion.plots.wires import backward_steps, draw_wires

__all__ = [
    "COLORS",
    "GRADIENT",
    "STYLES",
    "animate",
    "attention_map",
    "backward_steps",
    "bands",
    "contours",
    "decision_regions",
    "draw_array",
    "draw_blocks",
    "draw_bottleneck",
    "draw_boxes",
    "draw_branches",
    "draw_dataflow",
    "draw_directions",
    "draw_gaze",
    "draw_graph",
    "draw_gru",
    "draw_kernel",
    "draw_lattice",
    "draw_look",
    "draw_lstm",
    "draw_network",
    "draw_neuron",
    "draw_paths",
    "draw_questions",
    "draw_reading",
    "draw_sentences",
    "draw_sequence_tasks",
    "draw_sheets",
    "draw_translator",
    "draw_tree",
    "draw_two_games",
    "draw_unrolled",
    "draw_unrolled_numbers",
    "draw_volumes",
    "draw_windows",
    "draw_wires",
    "error_ladder",
    "explore",
    "images",
    "level_lines",
    "line_of",
    "listen",
    "scatter",
    "training_curves",
    "use_style",
    "walks",
]
