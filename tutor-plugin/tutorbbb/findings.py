"""What can be said about the configuration without asking anybody: not the site, not a server.

The sentences name servers by their slug. Addresses are not repeated: people paste the API-Mate link, which holds the
secret.
"""

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

from tutor import bindmount, env
from tutor import config as tutor_config
from tutor.plugins.openedx import is_directory_mounted
from tutor.types import Config

from tutorbbb.values import namespace

SECRET_KEYS = ("SECRET_FILE", "SECRET_ENV", "SECRET")
# What holds names of options, or keys, that only the block knows.
KEYS_WITH_NAMES = ("BBB_SERVERS", "BBB_ORGS", "BBB_COURSES", "BBB_DEFAULTS", "BBB_LOCKED", "BBB_SETTINGS")
SERVICES = ("lms", "cms", "lms-worker", "cms-worker", "lms-job", "cms-job")
CONTAINER_USER = 1000
SITES = ("lms", "cms")


class Level(IntEnum):
    """How bad a finding is; the worst one is the exit code of ``tutor bbb check``."""

    FINE = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True)
class Finding:
    """One sentence for the operator, with what to do."""

    level: Level
    text: str


def error(text: str) -> Finding:
    """Make a finding without which sessions do not work."""
    return Finding(Level.ERROR, text)


def warning(text: str) -> Finding:
    """Make a finding that may be meant so."""
    return Finding(Level.WARNING, text)


def of_choice(wanted: Mapping[str, Any]) -> Iterator[Finding]:
    """Look whether there are servers, each with address and secret, and whether courses choose among them."""
    servers = wanted.get("SERVERS", {})
    if not servers:
        yield error(
            "No BigBlueButton server is set. Run `bbb-conf --secret` on it, and then here: "
            "tutor config save --set BBB_URL=… --set BBB_SECRET=…"
        )
        return
    for slug, entry in servers.items():
        if not entry.get("URL"):
            yield error(f"The server {slug!r} has no URL. Copy it from `bbb-conf --secret`.")
        if not any(entry.get(key) for key in SECRET_KEYS):
            yield error(f"The server {slug!r} has no secret. Give it one of {', '.join(SECRET_KEYS)}.")
    layers = [("BBB_SERVER", wanted)]
    for table in ("ORGS", "COURSES"):
        layers += [(f"BBB_{table}[{name!r}]", layer) for name, layer in wanted.get(table, {}).items()]
    if not any(layer.get("SERVER") for _where, layer in layers):
        yield error("No course uses a server. Set BBB_SERVER to the name of one in BBB_SERVERS.")
    for where, layer in layers:
        chosen = layer.get("SERVER") or []
        for slug in chosen if isinstance(chosen, list) else [chosen]:
            if slug not in servers:
                yield error(f"{where} chooses the server {slug!r}, which is not set. Add it to BBB_SERVERS.")


def of_names(config: Config) -> Iterator[Finding]:
    """Say what is not looked at from here, because only the block knows it."""
    given = [key for key in KEYS_WITH_NAMES if config.get(key)]
    if given:
        yield Finding(
            Level.FINE,
            f"Whether each name in {', '.join(given)} is known cannot be seen from here; a mistyped one counts for "
            "nothing. The site says so: tutor local do bbb-check",
        )


def of_rendering(root: str, config: Config, wanted: Mapping[str, Any]) -> Iterator[Finding]:
    """Execute what is written into the settings, and look whether the saved environment holds it."""
    patch = (files("tutorbbb") / "patches" / "openedx-common-settings").read_text("utf-8")
    rendered = env.Renderer(config).render_str(patch).strip()
    settings: dict[str, Any] = {}
    exec(rendered, {"__builtins__": {}, "XBLOCK_SETTINGS": settings})  # noqa: S102 our own patch, run as Django runs it
    if settings.get("bbb") != wanted:
        yield error("The settings do not come out as they were given. Please report this, with your versions.")
    written = [Path(env.pathjoin(root, "apps", "openedx", "settings", name, "production.py")) for name in SITES]
    if all(path.is_file() and rendered in path.read_text("utf-8") for path in written):
        yield Finding(Level.FINE, "The settings of the LMS and of Studio hold what the configuration says.")
    else:
        yield error(
            "The saved settings are older than the configuration. Run `tutor config save`, then restart the platform."
        )


def of_secrets(root: str, config: Config, wanted: Mapping[str, Any]) -> Iterator[Finding]:
    """Look at the files that hold secrets: are they mounted, may the platform read them, may too many?"""
    for slug, entry in wanted.get("SERVERS", {}).items():
        given = [key for key in SECRET_KEYS if entry.get(key)]
        if len(given) > 1:
            yield warning(
                f"The server {slug!r} has {' and '.join(given)}; {given[0]} counts. Take the rest out of config.yml"
                f"{', for example: tutor config save --unset BBB_SECRET' if config.get('BBB_SECRET') else ''}"
            )
        if isinstance(entry.get("SECRET_FILE"), str) and entry["SECRET_FILE"]:
            yield from _of_secret_file(slug, entry["SECRET_FILE"], config)
        elif entry.get("SECRET") and Path(tutor_config.config_path(root)).stat().st_mode & stat.S_IROTH:
            yield Finding(
                Level.FINE,
                f"The secret of the server {slug!r} is set. It stands in config.yml and in env/, which everybody on "
                "this machine may read; BBB_SECRET_FILE keeps it out of both.",
            )


def _of_secret_file(slug: str, path: str, config: Config) -> Iterator[Finding]:
    lacking = [service for service in SERVICES if not _on_host(path, service, config)]
    if lacking:
        yield warning(
            f"Nothing is mounted at SECRET_FILE of the server {slug!r} in {', '.join(lacking)}. On Kubernetes that may "
            "be right; otherwise run: tutor mounts add openedx:/etc/bbb-secrets:/openedx/bbb-secrets"
        )
    for host_path in sorted({found for service in SERVICES for found in _on_host(path, service, config)}):
        yield from _of_host_file(slug, Path(host_path))


def _on_host(path: str, service: str, config: Config) -> list[str]:
    """Give where on this machine the path of a container comes from; more than one place is an oddity."""
    # "openedx" stands for all services of the platform in MOUNTS.
    pairs = (mount.split(":", 1) for mount in bindmount.iter_mounts(bindmount.get_mounts(config), "openedx", service))
    return [
        host + path.removeprefix(container.rstrip("/"))
        for host, container in pairs
        if path == container or path.startswith(container.rstrip("/") + "/")
    ]


def _of_host_file(slug: str, path: Path) -> Iterator[Finding]:
    if is_directory_mounted("openedx", path.parent.name):
        yield error(
            f"Tutor builds {path.parent} with the secret of the server {slug!r} into the image, because of the folder's"
            " name. Name it otherwise, for example bbb-secrets, and build the image anew."
        )
    try:
        found = path.stat()
    except PermissionError:
        yield Finding(Level.FINE, f"The file with the secret of the server {slug!r} cannot be looked at from here.")
        return
    except OSError:
        yield error(f"The file with the secret of the server {slug!r} is not there: {path}")
        return
    if not stat.S_ISREG(found.st_mode) or not found.st_size:
        yield error(f"The file with the secret of the server {slug!r} is empty, or no file: {path}")
    elif found.st_mode & stat.S_IROTH:
        yield warning(f"Everybody on this machine may read the secret of the server {slug!r}: chmod 0400 {path}")
    elif found.st_uid != CONTAINER_USER:
        yield warning(
            f"The platform runs as user {CONTAINER_USER} and cannot read the secret of the server {slug!r}: "
            f"chown {CONTAINER_USER} {path}"
        )


def of_configuration(root: str, config: Config) -> Iterator[Finding]:
    """Give all findings that need no network. Raises TutorError where a value cannot be rendered."""
    wanted = namespace(config)
    yield from of_choice(wanted)
    yield from of_names(config)
    yield from of_rendering(root, config, wanted)
    yield from of_secrets(root, config, wanted)
