"""Part VII, first half: networks with a memory, and words as vectors.

Rooms: `recurrence` (the steps in time and their way back), `text` (from letters to numbers and
back), `language` (which comes next?), `words` (vectors, and what they have learned of us).
"""
