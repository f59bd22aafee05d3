"""Networks of part V; their first argument is the engine, ``companion.nn`` or ``torch.nn``."""
