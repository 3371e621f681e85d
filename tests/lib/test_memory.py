"""The collector of cycles rests while it is asked to, and works again whatever happens."""

import gc

import pytest

from eios.lib.memory import no_collecting


def test_collecting_rests_and_comes_back():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), no_collecting():
        with no_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
        1 / 0  # noqa: B018
    assert gc.isenabled()
