import copy
import pickle

import pytest

from bbb_xblock.bbb import JoinUrl, Secret


@pytest.mark.parametrize("kind", [Secret, JoinUrl])
def test_concealed_text_shows_in_no_usual_way(kind: type[Secret] | type[JoinUrl]) -> None:
    hidden = kind("swordfish")
    shown = [repr(hidden), str(hidden), f"{hidden}", f"{hidden!s:>20}", f"{hidden:>20}", "%s %r" % (hidden, hidden)]  # noqa: UP031
    shown += [repr([hidden]), repr({"secret": hidden})]
    assert not any("swordfish" in text for text in shown)
    assert repr(hidden) == f"{kind.__name__}(…)"
    assert not hasattr(hidden, "__dict__")


def test_concealed_text_is_given_on_request() -> None:
    assert Secret("swordfish").reveal() == "swordfish"


def test_secrets_are_equal_when_their_texts_are() -> None:
    assert Secret("swordfish") == Secret("swordfish")
    assert hash(Secret("swordfish")) == hash(Secret("swordfish"))
    assert Secret("swordfish") != Secret("swordfisH")
    assert Secret("\ud800") != Secret("é")


def test_a_secret_equals_neither_its_text_nor_a_join_link() -> None:
    assert Secret("swordfish") != "swordfish"
    assert JoinUrl("swordfish") != Secret("swordfish")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_never_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="Secret is never pickled"):
        pickle.dumps(Secret("swordfish"), protocol)


def test_a_copy_of_a_secret_is_the_secret() -> None:
    secret = Secret("swordfish")
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_an_empty_secret_is_refused(empty: str) -> None:
    with pytest.raises(ValueError, match="Secret needs a text that is not empty"):
        Secret(empty)
