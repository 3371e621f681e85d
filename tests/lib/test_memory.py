"""The collector of cycles rests while it is asked to, and works again whatever happens."""

import gc

import pytest

from eios.lib.memory import no_collecting


@no_collecting()
def nested() -> None:
    with no_collecting():
        assert not gc.isenabled()
    assert not gc.isenabled()
    raise ValueError("on purpose")


def test_collecting_rests_and_comes_back():
    assert gc.isenabled()
    with pytest.raises(ValueError, match="on purpose"):
        nested()
    assert gc.isenabled()
