"""Authenticode signatures, where somebody has a certificate. Main thread; runs osslsigncode or, on Windows, signtool.

    python packaging/windows/signing.py FILE ...

Without VOICETYPE_SIGN_CERTIFICATE nothing is signed. Variables:
    VOICETYPE_SIGN_CERTIFICATE    a PKCS#12 file (.pfx, .p12)
    VOICETYPE_SIGN_PASSWORD_FILE  a file with its password; none for a certificate without one
    VOICETYPE_SIGN_TIMESTAMP      address of an RFC 3161 service, so that the signature outlives the certificate
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from places import ON_WINDOWS, BuildError, run, say

_ABOUT = "VoiceType"


def is_configured() -> bool:
    """Whether there is a certificate."""
    return bool(os.environ.get("VOICETYPE_SIGN_CERTIFICATE"))


def sign(files: Sequence[Path]) -> None:
    """Sign programs in place. Raises BuildError."""
    if not is_configured():
        return
    certificate = Path(os.environ["VOICETYPE_SIGN_CERTIFICATE"])
    password = os.environ.get("VOICETYPE_SIGN_PASSWORD_FILE")
    timestamp = os.environ.get("VOICETYPE_SIGN_TIMESTAMP")
    if not certificate.is_file():
        raise BuildError("the certificate that VOICETYPE_SIGN_CERTIFICATE names is not there")
    for file in files:
        if ON_WINDOWS:
            _signtool(file, certificate, password, timestamp)
        else:
            _osslsigncode(file, certificate, password, timestamp)
        say(f"   signed {file.name}")


def _osslsigncode(file: Path, certificate: Path, password: str | None, timestamp: str | None) -> None:
    signed = file.with_name(file.name + ".signed")
    command = ["osslsigncode", "sign", "-h", "sha256", "-n", _ABOUT, "-pkcs12", certificate]
    command += ["-readpass", password] if password else []
    command += ["-ts", timestamp] if timestamp else []
    signed.unlink(missing_ok=True)
    run([*command, "-in", file, "-out", signed])
    signed.replace(file)


def _signtool(file: Path, certificate: Path, password: str | None, timestamp: str | None) -> None:
    command = ["signtool", "sign", "/q", "/fd", "sha256", "/d", _ABOUT, "/f", certificate]
    command += ["/p", Path(password).read_text(encoding="utf-8").rstrip("\r\n")] if password else []
    command += ["/tr", timestamp, "/td", "sha256"] if timestamp else []
    run([*command, file])


if __name__ == "__main__":
    try:
        sign([Path(name) for name in sys.argv[1:]])
    except BuildError as error:
        sys.exit(str(error))
