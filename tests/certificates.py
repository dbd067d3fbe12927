"""Certificates for servers of the tests, made by openssl: they are good, expired, or for another name, as asked."""

import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

_NO_AUTHORITY = """
[ca]
default_ca = tests
[tests]
database = {folder}/index
new_certs_dir = {folder}
serial = {folder}/serial
default_md = sha256
policy = any
[any]
commonName = supplied
[names]
subjectAltName = {name}
"""


def self_signed(folder: Path, *, name: str = "IP:127.0.0.1", begins: float = -1, ends: float = 90) -> Path:
    """Make a certificate and its key, in one file. ``begins`` and ``ends`` are days from now."""
    folder.mkdir(exist_ok=True)
    key, request, both, config = (folder / part for part in ("key.pem", "request.pem", "both.pem", "openssl.cnf"))
    config.write_text(_NO_AUTHORITY.format(folder=folder, name=name))
    (folder / "index").write_text("")
    (folder / "serial").write_text("01\n")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl("req", "-new", *curve, "-subj", "/CN=bbb.example.org", "-keyout", key, "-out", request)
    times = ["-startdate", _moment(begins), "-enddate", _moment(ends)]
    signed = ["-selfsign", "-keyfile", key, "-in", request, "-extensions", "names", "-notext", "-out", both]
    _openssl("ca", "-batch", "-config", config, *times, *signed)
    both.write_text(both.read_text() + key.read_text())
    return both


def server_side(certificate: Path) -> ssl.SSLContext:
    """Give what a server needs to speak TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _moment(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)
