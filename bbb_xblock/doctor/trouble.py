"""What an error of the protocol means to the operator: the one place where errors become findings."""

from bbb_xblock.bbb import (
    ApiError,
    BBBError,
    ChecksumRefused,
    ConnectionRefused,
    Endpoint,
    Instead,
    NameNotResolved,
    NotXML,
    Redirected,
    TimedOut,
    TLSFailed,
    TLSFault,
    TransportError,
    UnexpectedStatus,
    reach,
)
from bbb_xblock.doctor.findings import Code, Finding, fail

_TLS = {
    TLSFault.EXPIRED: Code.TLS_EXPIRED,
    TLSFault.NOT_YET_VALID: Code.TLS_NOT_YET_VALID,
    TLSFault.SELF_SIGNED: Code.TLS_SELF_SIGNED,
    TLSFault.UNKNOWN_ISSUER: Code.TLS_UNKNOWN_ISSUER,
    TLSFault.OTHER_NAME: Code.TLS_OTHER_NAME,
    TLSFault.NO_TLS: Code.TLS_MISSING,
    TLSFault.NO_AUTHORITIES: Code.TLS_NO_AUTHORITIES,
    TLSFault.OTHER: Code.TLS_BROKEN,
}
_STATUS = {
    401: Code.API_LOCKED,
    403: Code.API_LOCKED,
    404: Code.API_WRONG_PATH,
    405: Code.API_WRONG_PATH,
    410: Code.API_WRONG_PATH,
    500: Code.API_DOWN,
    502: Code.API_DOWN,
    503: Code.API_DOWN,
    504: Code.API_DOWN,
}
_INSTEAD = {
    Instead.LOGIN_PAGE: Code.API_LOGIN,
    Instead.WEB_PAGE: Code.API_WEB_PAGE,
}
# With these a balancer says that none of its servers works (Scalelite and bbblb, their sources).
_NO_SERVER = frozenset({"internalError", "serverUnavailable", "serverTagUnavailable"})
# A server may send any text as its key, our own checksum too. These are known, and shown.
_KEYS = _NO_SERVER | {
    "apiNotEnabled",
    "idNotUnique",
    "maxConcurrent",
    "missingParameters",
    "notImplemented",
    "sizeError",
    "unexpectedError",
    "unsupportedRequest",
    "validationError",
}


def finding(error: BBBError, endpoint: Endpoint) -> Finding:
    """Say what stopped us. An address that begins with ``http:`` is tried with TLS, if that may be what is wrong."""
    if _wants_tls(error, endpoint):
        return fail(Code.TLS_WANTED)
    match error:
        case UnexpectedStatus():
            return fail(_of_status(error), status=error.status)
        case TransportError():
            return fail(_of_transport(error), detail=_place(endpoint))
        case NotXML():
            return fail(_INSTEAD.get(error.instead, Code.API_UNREADABLE))
        case ChecksumRefused():
            return fail(Code.SECRET_REFUSED)
        case ApiError():
            return fail(_of_refusal(error), detail=reason(error))
    return fail(Code.API_UNREADABLE)


def reason(error: BBBError) -> str:
    """Tell the operator in one line what came, with no word that a server chose freely."""
    if not isinstance(error, ApiError):
        return str(error)
    return f"{error.call}: {error.message_key if error.message_key in _KEYS else 'FAILED, with an unknown key'}"


def _wants_tls(error: BBBError, endpoint: Endpoint) -> bool:
    if isinstance(error, Redirected):
        return error.to_https
    status = error.status if isinstance(error, UnexpectedStatus) else 0
    # nginx answers a plain request on its TLS port with 400; others break the connection.
    suspicious = status == 400 or (type(error) is TransportError and error.call != reach.CONNECT)
    return suspicious and endpoint.url.startswith("http:") and reach.speaks_tls(endpoint)


def _of_status(error: UnexpectedStatus) -> Code:
    if isinstance(error, Redirected):
        return Code.API_REDIRECT
    return _STATUS.get(error.status, Code.API_STATUS)


def _of_transport(error: TransportError) -> Code:
    is_connecting = error.call == reach.CONNECT
    match error:
        case NameNotResolved():
            return Code.NAME_UNKNOWN
        case ConnectionRefused():
            return Code.PORT_CLOSED
        case TLSFailed():
            return _TLS[error.why]
        case TimedOut():
            return Code.PORT_SILENT if is_connecting else Code.API_SLOW
    return Code.PORT_UNREACHABLE if is_connecting else Code.API_BROKEN


def _of_refusal(error: ApiError) -> Code:
    return Code.API_POOL_EMPTY if error.message_key in _NO_SERVER else Code.API_REFUSED


def _place(endpoint: Endpoint) -> str:
    host, port = reach.host_and_port(endpoint)
    return f"{host}, port {port}"
