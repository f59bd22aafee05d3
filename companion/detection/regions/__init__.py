"""Regions: proposed first, then looked at."""
