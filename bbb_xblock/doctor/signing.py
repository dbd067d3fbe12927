"""Whether the server takes our secret, and with which checksums."""

import secrets
from collections.abc import Iterator
from dataclasses import replace

from bbb_xblock import config
from bbb_xblock.bbb import Algorithm, ChecksumRefused, Client, Endpoint, Secret
from bbb_xblock.doctor.findings import Code, Finding, fail, ok, warn
from bbb_xblock.domain import happenings, trials


def secret(client: Client) -> Iterator[Finding]:
    """Try a wrong secret, then ours with every checksum, and if none is taken the previous ones."""
    endpoint = client.endpoint
    if _takes(replace(endpoint, secret=Secret(secrets.token_hex(32)))):
        yield fail(Code.SECRET_IGNORED)
        return
    taken = [algorithm for algorithm in Algorithm if _takes(replace(endpoint, algorithm=algorithm))]
    if endpoint.algorithm in taken:
        yield _taken(endpoint.algorithm, taken)
    elif taken:
        yield _taken_otherwise(endpoint.algorithm, taken)
    elif _takes_a_previous_one(endpoint):
        yield fail(Code.SECRET_PREVIOUS)
    else:
        yield fail(Code.SECRET_REFUSED)


def _taken(ours: Algorithm, taken: list[Algorithm]) -> Finding:
    if taken == [Algorithm.SHA1]:
        return warn(Code.CHECKSUM_ONLY_SHA1)
    if ours is Algorithm.SHA1:
        return warn(Code.CHECKSUM_OLD, better=str(_best(taken)))
    return ok(Code.SECRET_TAKEN, ours=str(ours), taken=", ".join(taken))


def _taken_otherwise(ours: Algorithm, taken: list[Algorithm]) -> Finding:
    if taken == [Algorithm.SHA1]:
        return fail(Code.CHECKSUM_ONLY_SHA1)
    return fail(Code.CHECKSUM_OTHER, ours=str(ours), taken=", ".join(taken), better=str(_best(taken)))


def _best(taken: list[Algorithm]) -> Algorithm:
    """Give sha256 if it is taken, because that works everywhere, else the strongest."""
    return Algorithm.SHA256 if Algorithm.SHA256 in taken else taken[-1]


def _takes_a_previous_one(endpoint: Endpoint) -> bool:
    previous = [known for known in config.callback_secrets(endpoint.slug) if known != endpoint.secret]
    tries = (replace(endpoint, secret=old, algorithm=algorithm) for old in previous for algorithm in Algorithm)
    return any(map(_takes, tries))


def _takes(endpoint: Endpoint) -> bool:
    """Ask for a meeting that never was: every server answers that without a failure, if it takes the checksum."""
    try:
        Client(endpoint, watch=happenings.watching("")).is_meeting_running(trials.new_id())
    except ChecksumRefused:
        return False
    return True
