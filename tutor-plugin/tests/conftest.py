"""Tutor as people run it, each time with a root of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import yaml
from tutor import hooks, plugins

hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")

URL = "https://bbb.example.org/bigbluebutton/"
SECRET = "330a8b08c3b4c61533e1d0c334"
REQUIREMENT = "bbb-xblock @ git+https://git.example.org/bbb_xblock@v0.1.0"
FAKE_DOCKER = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["DOCKER_LOG"], "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if "ls" in sys.argv:
    print("[]")
"""


@dataclass
class Tutor:
    """The command ``tutor`` with one root, and a ``docker`` that only writes down how it was called."""

    folder: Path
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        tools = self.folder / "bin"
        tools.mkdir(parents=True)
        (tools / "docker").write_text(FAKE_DOCKER)
        (tools / "docker").chmod(0o755)
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("TUTOR_", "BBB_"))}
        self.environment = inherited | {
            "TUTOR_ROOT": str(self.root),
            "TUTOR_PLUGINS_ROOT": str(self.folder / "plugins"),
            "DOCKER_LOG": str(self.folder / "docker.log"),
            "PATH": f"{tools}:{os.environ['PATH']}",
            "no_proxy": "*",
        }

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def config(self) -> dict[str, Any]:
        return yaml.safe_load((self.root / "config.yml").read_text("utf-8"))

    @property
    def docker_calls(self) -> list[list[str]]:
        log = self.folder / "docker.log"
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []

    def run(self, *arguments: str, expected: int = 0, **environment: str) -> str:
        """Run a command; give what it wrote, errors included."""
        command = [str(Path(sys.executable).with_name("tutor")), *arguments]
        done = subprocess.run(
            command,
            env=self.environment | environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == expected, done.stdout
        assert "Traceback" not in done.stdout
        return done.stdout

    def save(self, *assignments: str, **kwargs: Any) -> str:
        return self.run("config", "save", *(part for given in assignments for part in ("--set", given)), **kwargs)

    def service(self, name: str) -> dict[str, Any]:
        """Give what the rendered compose files say about a service."""
        for part in ("", ".prod", ".jobs"):
            services = yaml.safe_load((self.root / f"env/local/docker-compose{part}.yml").read_text("utf-8"))[
                "services"
            ]
            if name in services:
                return services[name]
        raise LookupError(name)

    def written(self) -> dict[str, bytes]:
        """Give every file below the root with what it holds."""
        return {str(path): path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}


@pytest.fixture
def fresh(tmp_path: Path) -> Tutor:
    """Nothing set and nothing enabled yet."""
    return Tutor(tmp_path)


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Tutor:
    """A root with the plugin, one server, its secret, and something to install; to be read only."""
    ready = Tutor(tmp_path_factory.mktemp("saved"))
    ready.run("plugins", "enable", "bbb")
    ready.save(f"BBB_URL={URL}", f"BBB_SECRET={SECRET}", f"BBB_REQUIREMENT={REQUIREMENT}")
    return ready


@pytest.fixture
def tutor(saved: Tutor, tmp_path: Path) -> Tutor:
    """A copy of that root; to be changed."""
    shutil.copytree(saved.root, tmp_path / "root")
    return Tutor(tmp_path)


@pytest.fixture(scope="session")
def loaded() -> Iterator[None]:
    """The plugin in this very process, as ``tutor`` has it after reading its configuration."""
    hooks.Actions.CORE_READY.do()
    plugins.load("bbb")
    yield
    plugins.unload("bbb")
