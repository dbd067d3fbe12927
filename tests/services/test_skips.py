"""Which tests are skipped, and when a skip is a failure: the plugin, run in a pytest of its own."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
INNER = ["-p", "tests.services.skips", "-p", "no:cacheprovider", "-rs"]
MARKERS = "[pytest]\nmarkers = browser\n  database\n  mariadb\n  redis\n  django_db\n"


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder for a small test suite, on a machine that lacks everything."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # The plugins that know this project's settings and browsers stay out of the inner run.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PATH", str(pytester.mkdir("nothing-installed")))
    for name in ("BBB_TEST_REQUIRE", "BBB_TEST_URL", "BBB_TEST_SECRET", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    # The servers' folders are searched besides PATH, so that they too must look empty.
    pytester.makepyfile(nothing_installed="from tests.services import processes\nprocesses.SBIN = ()\n")
    pytester.makeini(MARKERS)
    return pytester


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "nothing_installed", *INNER, *arguments)


def outcomes(result: pytest.RunResult) -> dict[str, int]:
    return {name: count for name, count in result.parseoutcomes().items() if name != "warnings"}


PASSING_AND_SKIPPED = """
    import pytest

    def test_that_runs():
        pass

    @pytest.mark.skip(reason="no wish to run")
    def test_that_is_skipped():
        pass
"""


@pytest.mark.parametrize(
    ("marker", "packages"),
    [("browser", "chromium"), ("mariadb", "mariadb-server libmariadb-dev"), ("redis", "redis-server")],
)
def test_a_test_that_needs_what_is_missing_is_skipped_with_the_packages_to_install(
    inner: pytest.Pytester, marker: str, packages: str
) -> None:
    inner.makepyfile(f"import pytest\n@pytest.mark.{marker}\ndef test_it(): raise AssertionError('ran')\n")

    result = run(inner)

    assert outcomes(result) == {"skipped": 1}
    result.stdout.fnmatch_lines([f"SKIPPED*apt-get install {packages}*"])


@pytest.mark.parametrize("fixture", ["page", "mariadb", "redis_url"])
def test_a_fixture_counts_as_its_marker(inner: pytest.Pytester, fixture: str) -> None:
    inner.makeconftest(f"import pytest\n@pytest.fixture\ndef {fixture}(): raise AssertionError('made')\n")
    inner.makepyfile(f"def test_it({fixture}): raise AssertionError('ran')\n")

    assert outcomes(run(inner)) == {"skipped": 1}


def test_what_is_missing_is_a_failure_where_all_is_required(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BBB_TEST_REQUIRE", "all")
    inner.makepyfile("import pytest\n@pytest.mark.redis\ndef test_it(): pass\n")

    result = run(inner)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*BBB_TEST_REQUIRE=all allows no skipped test*apt-get install redis-server*"])


def test_a_skip_is_allowed_unless_all_is_required(inner: pytest.Pytester) -> None:
    inner.makepyfile(PASSING_AND_SKIPPED)

    result = run(inner)

    assert result.ret == pytest.ExitCode.OK
    assert outcomes(result) == {"passed": 1, "skipped": 1}


@pytest.mark.parametrize(
    "skipping",
    [
        "@pytest.mark.skip(reason='no wish to run')\ndef test_it(): pass",
        "@pytest.mark.skipif(True, reason='no wish to run')\ndef test_it(): pass",
        "def test_it(): pytest.skip('no wish to run')",
        "@pytest.fixture\ndef tired(): pytest.skip('no wish to run')\ndef test_it(tired): pass",
        "pytest.skip('no wish to run', allow_module_level=True)",
        "import unittest\nclass It(unittest.TestCase):\n  def test_it(self): self.skipTest('no wish to run')",
    ],
    ids=["mark", "condition", "call", "fixture", "module", "unittest"],
)
def test_every_way_to_skip_is_a_failure_where_all_is_required(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, skipping: str
) -> None:
    monkeypatch.setenv("BBB_TEST_REQUIRE", "all")
    inner.makepyfile(f"import pytest\n{skipping}\n")

    result = run(inner)

    assert result.ret in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    assert "skipped" not in outcomes(result)
    result.stdout.fnmatch_lines(["*BBB_TEST_REQUIRE=all allows no skipped test*no wish to run*"])


def test_what_ran_stays_as_it_was_where_all_is_required(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BBB_TEST_REQUIRE", "all")
    inner.makepyfile(
        "import pytest\ndef test_it(): pass\n@pytest.mark.xfail\ndef test_known_fault(): raise AssertionError\n"
    )

    assert outcomes(run(inner)) == {"passed": 1, "xfailed": 1}


def test_live_tests_may_be_skipped_even_where_all_is_required(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BBB_TEST_REQUIRE", "all")
    inner.path.joinpath("tests/live").mkdir(parents=True)
    inner.path.joinpath("tests/live/test_bbb_live.py").write_text("def test_it(): raise AssertionError('ran')\n")

    result = run(inner)

    assert outcomes(result) == {"skipped": 1}
    result.stdout.fnmatch_lines(["SKIPPED*BBB_TEST_URL and BBB_TEST_SECRET*"])


def test_live_tests_run_where_a_server_is_named(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BBB_TEST_URL", "https://bbb.example.org/bigbluebutton/")
    monkeypatch.setenv("BBB_TEST_SECRET", "only-for-tests")
    inner.path.joinpath("tests/live").mkdir(parents=True)
    inner.path.joinpath("tests/live/test_bbb_live.py").write_text("def test_it(): pass\n")

    assert outcomes(run(inner)) == {"passed": 1}


def test_a_word_that_is_not_all_is_refused(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BBB_TEST_REQUIRE", "everything")
    inner.makepyfile(PASSING_AND_SKIPPED)

    assert run(inner).ret == pytest.ExitCode.USAGE_ERROR


def test_tests_that_use_the_database_can_be_chosen_by_marker(inner: pytest.Pytester) -> None:
    inner.makeconftest("import pytest\n@pytest.fixture\ndef db(): pass\n")
    inner.makepyfile(
        "import pytest\n"
        "def test_by_fixture(db): pass\n"
        "@pytest.mark.django_db\ndef test_by_marker(): pass\n"
        "def test_without_one(): pass\n"
    )

    assert outcomes(run(inner, "-m", "database")) == {"passed": 2, "deselected": 1}
