"""From text to numbers and back: tokenizers and their vocabulary."""
