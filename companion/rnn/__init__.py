"""Part VII: networks with a memory, words as vectors, attention, and speech.

Rooms: `recurrence` (the steps in time and their way back), `text` (from letters to numbers and
back), `language` (which comes next?), `words` (vectors, and what they have learned of us), `tone`
and `tagging` (what is said of a text, and of each of its tokens), `translation` (from one sequence
to another), `attention` (where to look), `transformer` (attention alone), `speech` (sound).
"""
