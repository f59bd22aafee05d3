"""Networks made smaller and faster: weights that go, thinner layers, fewer bits, a smaller pupil."""
