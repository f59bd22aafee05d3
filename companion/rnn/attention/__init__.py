"""Where to look: scores, shares and means of what was read, and the masks that forbid a look."""
