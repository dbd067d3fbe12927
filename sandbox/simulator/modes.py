"""What differs between the servers that the simulator can play (BBB change logs, Scalelite, bbblb)."""

from dataclasses import dataclass, field

ALL_ALGORITHMS = ("sha1", "sha256", "sha384", "sha512")
POOL_ALGORITHMS = ("sha1", "sha256", "sha512")

PLAIN_FAILURE = "Checksums do not match"
OLD_FAILURE = "You did not pass the checksum security check"


@dataclass(frozen=True)
class Mode:
    """One kind of server. `pool` is empty for BigBlueButton itself."""

    name: str
    pool: str = ""
    algorithms: tuple[str, ...] = ALL_ALGORITHMS
    # What is hashed when a form is posted and the address has no query: "rebuilt", "empty" or "body".
    form_signing: str = "empty"
    checksum_failure: str = PLAIN_FAILURE
    # 2.6 redirected on validation failures even when the caller asked for XML.
    xml_for_validation: bool = True
    logout_url_per_user: bool = True
    names_in_parts: bool = True
    chat_call: bool = True
    refused_layouts: frozenset[str] = frozenset()
    # A meeting that was told to end says so until it is removed.
    shows_pending_end: bool = False
    root: dict[str, str] = field(default_factory=dict)


_REVEALING_ROOT = {
    "version": "2.0",
    "apiVersion": "2.0",
    "bbbVersion": "",
}

_MODES = (
    Mode(
        name="bbb-2.6",
        form_signing="rebuilt",
        xml_for_validation=False,
        logout_url_per_user=False,
        names_in_parts=False,
        chat_call=False,
        shows_pending_end=True,
        root=_REVEALING_ROOT,
    ),
    Mode(
        name="bbb-3.0",
        root={
            **_REVEALING_ROOT,
            "html5PluginSdkVersion": "0.0.95",
            "graphqlWebsocketUrl": "{websocket}/graphql",
            "graphqlApiUrl": "{server}/api/rest",
        },
    ),
    Mode(
        name="bbb-4.0",
        refused_layouts=frozenset({"CUSTOM_LAYOUT", "SMART_LAYOUT", "PRESENTATION_FOCUS", "VIDEO_FOCUS"}),
        root={
            **_REVEALING_ROOT,
            "html5PluginSdkVersion": "0.1.17",
            "graphqlWebsocketUrl": "{websocket}/graphql",
            "graphqlApiUrl": "{server}/api/rest",
        },
    ),
    Mode(
        name="scalelite",
        pool="scalelite",
        algorithms=POOL_ALGORITHMS,
        checksum_failure=OLD_FAILURE,
        chat_call=False,
        root={"version": "2.0", "build": "simulated"},
    ),
    Mode(
        name="bbblb",
        pool="bbblb",
        algorithms=POOL_ALGORITHMS,
        form_signing="body",
        checksum_failure=OLD_FAILURE,
        root={"version": "2.0", "info": "simulated pool"},
    ),
)

MODES = {mode.name: mode for mode in _MODES}


def mode_named(name: str) -> Mode:
    """Return the mode with this name; ValueError names the ones that exist."""
    if name not in MODES:
        raise ValueError(f"unknown mode {name!r}: choose one of {', '.join(MODES)}")
    return MODES[name]
