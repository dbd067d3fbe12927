"""How the block gets into the image."""

import shlex

DOCKERFILE = "env/build/openedx/Dockerfile"


def instructions(root):
    """Give the instructions of the Dockerfile, each on one line, without comments."""
    lines = (root / DOCKERFILE).read_text("utf-8").splitlines()
    kept = "\n".join(line for line in lines if not line.lstrip().startswith("#")).replace("\\\n", " ")
    return [" ".join(line.split()) for line in kept.splitlines() if line.strip()]


def installing(root):
    return [line for line in instructions(root) if "bbb" in line]


def test_pip_installs_the_requirement_after_those_of_the_platform(saved):
    [line] = installing(saved.root)
    assert shlex.split(line)[-3:] == ["${PIP_COMMAND:-pip}", "install", "bbb-xblock>=0.1,<1"]
    assert line.startswith("RUN --mount=type=cache,target=/openedx/.cache/pip,sharing=shared ")
    all_of_them = instructions(saved.root)
    base = next(number for number, other in enumerate(all_of_them) if "-r /openedx/edx-platform/requirements" in other)
    stages = [number for number, other in enumerate(all_of_them) if other.startswith("FROM ")]
    here = all_of_them.index(line)
    assert base < here < min(stage for stage in stages if stage > base)


def test_another_requirement_is_one_argument_of_pip_too(tutor):
    wanted = "bbb-xblock @ git+https://git.example.org/bbb_xblock@v0.1.0"
    tutor.save(f"BBB_REQUIREMENT={wanted}")
    [line] = installing(tutor.root)
    assert shlex.split(line)[-1] == wanted


def test_a_mounted_checkout_takes_the_place_of_the_requirement(tutor):
    checkout = tutor.folder / "bbb-xblock"
    checkout.mkdir()
    tutor.save("BBB_REQUIREMENT=")
    tutor.run("mounts", "add", str(checkout))
    assert not [line for line in installing(tutor.root) if "PIP_COMMAND:-pip" in line]
    installed = [line for line in installing(tutor.root) if "install -e" in line]
    assert len(installed) == len(
        [line for line in instructions(tutor.root) if "/mnt/bbb-xblock" in line and "RUN" in line]
    )
    assert installed
    for service in ("lms", "cms", "lms-worker", "cms-worker"):
        mounted = [volume for volume in tutor.service(service)["volumes"] if "/mnt/bbb-xblock" in volume]
        assert [volume.split(":")[0] for volume in mounted] == [str(checkout)]
