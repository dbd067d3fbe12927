"""``tutor bbb check``, from outside the site, and ``tutor local do bbb-check``, inside of it."""

import shlex
import sys
from collections.abc import Iterator

import click
from tutor import config as tutor_config
from tutor.commands.context import Context
from tutor.exceptions import TutorError

from tutorbbb import findings, image, reach, values

# The shell of a container stops at the first command that fails.
_IS_THERE = (
    "python -c 'import bbb_xblock' 2>/dev/null || { echo 'The block is not in the image that runs. "
    "tutor bbb check says what brings it there; then run: tutor images build openedx, and start the platform again.'"
    " >&2; exit 1; }"
)
_LABELS = {findings.Level.FINE: "ok     ", findings.Level.WARNING: "warning", findings.Level.ERROR: "error  "}


@click.group()
def bbb() -> None:
    """BigBlueButton live sessions."""


@bbb.command()
@click.pass_obj
def check(context: Context) -> None:
    """Check settings and servers from here, without the site.

    The exit code is 0 if all is well, 1 if something looks odd, 2 if sessions will not work.
    """
    worst = findings.Level.FINE
    for finding in _all_findings(context.root):
        click.echo(f"{_LABELS[finding.level]} {finding.text}")
        worst = max(worst, finding.level)
    if worst is findings.Level.FINE:
        click.echo("That is all that can be seen from here. Now ask the site: tutor local do bbb-check")
    sys.exit(worst)


def _all_findings(root: str) -> Iterator[findings.Finding]:
    try:
        config = tutor_config.load(root)
        yield from findings.of_configuration(root, config)
        yield from image.of_image(config)
        servers = values.namespace(config).get("SERVERS", {})
    except TutorError as problem:
        yield findings.error(str(problem))
        return
    for slug, entry in servers.items():
        if entry.get("URL") and entry.get("STATE") != "off":
            yield reach.of_server(slug, entry["URL"])


@click.command(name="bbb-check", context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def bbb_check(options: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Check live sessions from inside the LMS; options go to `./manage.py lms bbb_check`."""
    yield "lms", in_the_lms("bbb_check", *options)


def in_the_lms(*words: str) -> str:
    """Give the script that runs a command of the LMS, or says that the image lacks the block."""
    return f"{_IS_THERE}\n{shlex.join(['./manage.py', 'lms', *words])}"
