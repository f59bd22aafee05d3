"""How the book runs its experiments, so that pages show what they teach.

``comparison`` tunes each side of a comparison on the same budget before it is judged;
``side_by_side`` trains many small networks as one. Further files hold the experiment of one page
each and are named after what they measure. A page that uses one says in a fold, *How this was
measured*, which grid, seeds and budget it took.
"""
