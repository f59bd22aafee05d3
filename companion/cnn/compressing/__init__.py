"""Networks made smaller and faster: weights that go, thin layers, fewer bits, a smaller pupil."""
