"""A small stand-in for the course's package."""
