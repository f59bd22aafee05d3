"""Experiments of the part: what the pages measure, with its seeds, rates and budgets."""
