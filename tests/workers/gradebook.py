"""The platform's gradebook in a file, for a site and its workers, which are processes of their own."""

import json
from pathlib import Path

from tests.fakes.gradebook import Gradebook


def load(gradebook: Gradebook, path: Path) -> None:
    """Take in what is in the file, if there is one."""
    if path.exists():
        kept = json.loads(path.read_text())
        gradebook.grades = {(user, key): tuple(grade) for user, key, grade in kept["grades"]}
        gradebook.completed = {(user, key): share for user, key, share in kept["completed"]}


def save(gradebook: Gradebook, path: Path) -> None:
    """Write all of it."""
    written = path.with_suffix(".new")
    grades, completed = gradebook.grades.items(), gradebook.completed.items()
    rows = {
        "grades": [[*who, grade] for who, grade in grades],
        "completed": [[*who, share] for who, share in completed],
    }
    written.write_text(json.dumps(rows))
    written.replace(path)
