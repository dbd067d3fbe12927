"""Why a TLS connection was not made, told apart by the numbers of OpenSSL."""

import ssl
from enum import StrEnum


class TLSFault(StrEnum):
    """What was wrong; ``OTHER`` is anything that is not in the list.

    ``NO_AUTHORITIES`` is no fault of the server: the file that names whom to trust cannot be read here.
    """

    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    SELF_SIGNED = "self-signed"
    UNKNOWN_ISSUER = "unknown issuer"
    OTHER_NAME = "for another name"
    NO_TLS = "no TLS"
    NO_AUTHORITIES = "no authorities to trust"
    OTHER = "other"


# X509_V_ERR_… of OpenSSL (x509_vfy.h).
_BY_VERDICT = {
    9: TLSFault.NOT_YET_VALID,
    10: TLSFault.EXPIRED,
    18: TLSFault.SELF_SIGNED,
    19: TLSFault.SELF_SIGNED,
    2: TLSFault.UNKNOWN_ISSUER,
    20: TLSFault.UNKNOWN_ISSUER,
    21: TLSFault.UNKNOWN_ISSUER,
    62: TLSFault.OTHER_NAME,
    64: TLSFault.OTHER_NAME,
}
# What OpenSSL says of a first answer that is no TLS.
_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"})


def tls_fault(error: ssl.SSLError) -> TLSFault:
    """Say what was wrong with a connection that failed so."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _BY_VERDICT.get(error.verify_code, TLSFault.OTHER)
    # The ssl module makes some of its errors itself, and those have no reason.
    return TLSFault.NO_TLS if getattr(error, "reason", "") in _NOT_TLS else TLSFault.OTHER
