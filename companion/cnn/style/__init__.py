"""Style transfer: what a picture shows, and how it is painted, as costs of its feature maps."""
