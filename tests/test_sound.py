"""Players hold the sound itself, and nothing is fetched."""

import base64
import io
import re

import numpy as np
import pytest
from scipy.io import wavfile

from companion import plots
from companion.plots.sound import wav


def test_a_wav_file_holds_the_samples():
    sound = np.random.default_rng(0).uniform(-1, 1, 500)
    rate, found = wavfile.read(io.BytesIO(wav(sound, 8000)))
    assert rate == 8000
    np.testing.assert_allclose(found / 32767, sound, atol=0.51 / 32767)


def test_too_loud_is_clipped():
    _, found = wavfile.read(io.BytesIO(wav([5.0, -5.0, 0.0], 100)))
    np.testing.assert_array_equal(found, [32767, -32767, 0])


def test_players_carry_their_sound_and_a_label():
    html = plots.listen({'one "and" <b>': [0.0, 0.5], "two": [0.1]}, 8000)._repr_html_()
    sources = re.findall(r'src="([^"]*)"', html)
    assert len(sources) == 2
    for source, size in zip(sources, (2, 1), strict=True):
        head, body = source.split(",")
        assert head == "data:audio/wav;base64"
        assert len(wavfile.read(io.BytesIO(base64.b64decode(body)))[1]) == size
    assert "<b>" not in html
    assert 'aria-label="one &quot;and&quot; &lt;b&gt;"' in html


def test_no_sound():
    with pytest.raises(ValueError, match="no sounds"):
        plots.listen({})
    for wrong in ([], [[0.1]], [np.nan]):
        with pytest.raises(ValueError, match="row of finite numbers"):
            wav(wrong, 8000)
