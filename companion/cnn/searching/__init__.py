"""Architecture search: a space, random search, evolution, one network that holds all paths."""
