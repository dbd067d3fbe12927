"""What brings the block into the image: a checkout that is mounted, or what pip installs.

bbb-xblock is on no package index yet, so no name is taken for granted: a package of that name may be somebody else's.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tutor import bindmount
from tutor.plugins.openedx import is_directory_mounted
from tutor.types import Config

from tutorbbb.findings import Finding, Level, error, warning

# A name, perhaps with extras and versions; everything else is an address, a path or an option.
_NAMED = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)\s*(\[[\w ,.-]*\]\s*)?([<>=!~].*)?", re.ASCII)
_SECONDS = 60
# Nothing is installed, and nothing of the package is run, as looking at one without a wheel might.
_LOOK = ("install", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary=:all:")
_BRIEFLY = ("--quiet", "--no-input", "--disable-pip-version-check", "--retries=1", "--timeout=10")
_UNSEEN = Finding(Level.FINE, "Whether pip finds what BBB_REQUIREMENT names could not be seen from here.")


def of_image(config: Config) -> Iterator[Finding]:
    """Say what the next image will be built with, and whether pip can find it."""
    requirement = str(config.get("BBB_REQUIREMENT") or "").strip()
    mounted = list(_mounted_checkouts(config))
    checkouts = [str(path) for path in mounted if _is_installed(path)]
    unseen = [path for path in mounted if not _is_installed(path)]
    if checkouts and requirement:
        yield warning(
            f"The image gets the block twice, and {checkouts[0]} counts. Leave the other out: "
            "tutor config save --set BBB_REQUIREMENT="
        )
    elif checkouts:
        yield Finding(Level.FINE, f"The image gets the block from {checkouts[0]}.")
    elif unseen and not requirement and not _is_installed_otherwise(config):
        yield error(
            f"{unseen[0]} is mounted and holds the block, but Tutor installs only folders whose name contains xblock. "
            f"Run `tutor mounts remove {shlex.quote(str(unseen[0]))}`, "
            "rename it, for example to bbb_xblock, and mount it again; then build the image."
        )
    elif not requirement and not _is_installed_otherwise(config):
        yield error(
            "Nothing brings the block into the image. Run `tutor mounts add` with a checkout of its repository, or set "
            "BBB_REQUIREMENT to what pip is to install; then build the image."
        )
    if requirement:
        yield _of_requirement(requirement)


def _mounted_checkouts(config: Config) -> Iterator[Path]:
    """Give the mounted folders that hold the block."""
    for mount in bindmount.get_mounts(config):
        path = Path(mount).expanduser().absolute()
        if (path / "bbb_xblock").is_dir():
            yield path


def _is_installed(path: Path) -> bool:
    """Say whether Tutor installs a mounted folder in the image: its name decides."""
    return bool(is_directory_mounted("openedx", path.name))


def _is_installed_otherwise(config: Config) -> bool:
    extra = config.get("OPENEDX_EXTRA_PIP_REQUIREMENTS")
    return isinstance(extra, list) and any(re.search(r"bbb[-_]xblock", str(each)) for each in extra)


def _of_requirement(requirement: str) -> Finding:
    """Ask pip for what has a name; what is an address is not fetched just to look."""
    named = _NAMED.fullmatch(requirement)
    if not named:
        return Finding(Level.FINE, "BBB_REQUIREMENT is no plain name: building the image shows whether pip can get it.")
    try:
        is_there, told = _ask_pip(*_LOOK, requirement)
        if is_there:
            return Finding(Level.FINE, "pip finds what BBB_REQUIREMENT names.")
        if "(from versions: none)" in told:
            # No wheel of it; it may still be there as source.
            is_there, told = _ask_pip("index", "versions", named["name"])
    except (OSError, subprocess.TimeoutExpired):
        return _UNSEEN
    # An index that cannot be reached ends in the same words.
    if is_there or "No matching distribution found" not in told or "Retrying" in told:
        return _UNSEEN
    return error(
        f"pip finds no {requirement!r}, so the image cannot be built: it may not be released yet. Until then mount a "
        "checkout, or set BBB_REQUIREMENT to the address of its repository; the README of tutor-contrib-bbb shows both."
    )


def _ask_pip(*words: str) -> tuple[bool, str]:
    """Run pip, and say whether it found what it was asked for, and what it complained about."""
    command = [sys.executable, "-m", "pip", *words, *_BRIEFLY]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    return not done.returncode, done.stderr
