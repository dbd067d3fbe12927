"""Package metadata. The only logic here reads the version, as text, so that nothing has to be importable."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
README = HERE / "README.md"
VERSION_LINE = re.search(
    r'^__version__ = "([^"]+)"$', (HERE / "bbb_xblock/__init__.py").read_text("utf-8"), re.MULTILINE
)
if VERSION_LINE is None:
    raise SystemExit('bbb_xblock/__init__.py must hold a line __version__ = "…".')

# Ranges, not pins: the platform decides the versions. Each lower bound is what Open edX Teak ships, or less.
INSTALL_REQUIRES = [
    "Django>=4.2,<6",  # 4.2 is Teak's, 5.2 is Ulmo's and Verawood's
    "XBlock>=5.2,<7",  # the versions of Teak, Ulmo and Verawood
    "web-fragments>=2.2",  # what a view returns; XBlock before 6.3 does not bring it along
    "edx-opaque-keys>=2.9",  # course and usage keys; without [django]: the tables hold keys as text
    "requests>=2.31",  # the one HTTP library of the BigBlueButton client
    "urllib3>=2",  # under requests: time-outs, repeats and errors are told apart by its names
    "PyJWT>=2.8",  # reads what BigBlueButton signs with a JWT
    "lxml>=5",  # reads BigBlueButton's XML with entities and network access switched off
    "confusable-homoglyphs>=3.3",  # the tables of signs that look alike; nobody comes in under a name like a teacher's
    "icalendar>=5",  # writes a session's time for calendars; the platform brings it
    "celery>=5.2",  # works later on what BigBlueButton tells; the platform brings it and runs its workers
]

EXTRAS_REQUIRE = {
    # Counts calls, joins and refusals where an operator fetches such numbers.
    "prometheus": ["prometheus-client>=0.20"],
    # The demo site and the simulated BigBlueButton server of `make run`.
    "sandbox": [
        "xblock-sdk>=0.14,<0.16",  # the Workbench
        "XBlock[django]",  # the Workbench of 0.14 lists djpyfs but does not ask for it
        "Flask>=3",  # the simulated server
        "PyJWT>=2.8",  # the simulated server signs some callbacks with a JWT, as the real one does
        "setuptools<80",  # 81 drops pkg_resources, which PyFilesystem, under xblock.reference, needs; 80 complains
    ],
    "test": [
        "axe-playwright-python>=0.1.4",  # accessibility rules, offline
        "build>=1.2",  # `make package`, and the test of what the wheel holds
        "coverage>=7.6",
        "cssselect>=1.2",  # finds elements in the pages under test, with lxml
        "freezegun>=1.5",  # moves the clock instead of waiting
        "gunicorn>=22",  # many processes at once, as in production
        "hypothesis>=6.100",
        "prometheus-client>=0.20",  # counts, as for an operator
        "playwright>=1.45",  # drives Debian's Chromium; downloads no browser of its own
        "pytest>=9",
        "pytest-django>=4.9",
        "pytest-playwright>=0.5",
        "pytest-xdist>=3.6",  # runs the browser tests side by side
        "redis>=5",  # Django's Redis cache
        "setuptools>=77",  # builds the wheel without a download
    ],
    # Apart from `test`, because it is compiled against libmariadb-dev.
    "mariadb": ["mysqlclient>=2.2.1"],
    "quality": [
        "django-stubs>=5",
        "djlint>=1.36",
        "import-linter>=2.3",
        "lxml-stubs>=0.5",
        "mypy>=1.14",
        "ruff>=0.9",
        "types-requests",
    ],
}

setup(
    name="bbb-xblock",
    version=VERSION_LINE[1],
    description="Live sessions with BigBlueButton in Open edX courses",
    long_description=README.read_text("utf-8"),
    long_description_content_type="text/markdown",
    author="The bbb-xblock contributors",
    license="Apache-2.0",
    license_files=["LICENSE"],
    keywords="openedx xblock bigbluebutton",
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Web Environment",
        "Framework :: Django",
        "Framework :: Django :: 4.2",
        "Framework :: Django :: 5.2",
        "Intended Audience :: Education",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Topic :: Communications :: Conferencing",
        "Topic :: Education",
    ],
    packages=find_packages(include=["bbb_xblock", "bbb_xblock.*"]),
    package_data={"bbb_xblock": ["templates/**/*", "static/**/*"]},
    include_package_data=False,
    python_requires=">=3.11",
    install_requires=INSTALL_REQUIRES,
    extras_require=EXTRAS_REQUIRE,
    entry_points={
        "xblock.v1": ["bbb = bbb_xblock.block:BigBlueButtonXBlock"],
        "lms.djangoapp": ["bbb_xblock = bbb_xblock.apps:BBBConfig"],
        "cms.djangoapp": ["bbb_xblock = bbb_xblock.apps:BBBConfig"],
    },
    zip_safe=False,
)
