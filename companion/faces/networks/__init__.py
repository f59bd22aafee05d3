"""Networks that turn a picture into a few numbers."""
