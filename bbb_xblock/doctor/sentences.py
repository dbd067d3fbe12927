"""What the doctor says: for every finding one sentence, and what to do where there is something to do.

The sentences hold no address, no path and no secret: they may be shown to the course team as well. What is for the
operator alone is the finding's ``detail``.
"""

from dataclasses import dataclass

from bbb_xblock.doctor.findings import Code, Finding
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _


@dataclass(frozen=True, kw_only=True)
class Line:
    """A finding in words. ``advice`` is empty where there is nothing to do."""

    text: str
    advice: str


@dataclass(frozen=True)
class _Sentence:
    text: str
    advice: str = ""
    # Where the number in ``count`` decides.
    plural: str = ""


_SENTENCES: dict[Code, _Sentence] = {
    Code.SETTINGS_GOOD: _Sentence(_("The start-up checks find nothing wrong with the settings.")),
    Code.SETTINGS_ODD: _Sentence(
        _("A start-up check finds something odd in the settings ({id})."),
        advice=_("Look the number up in docs/configuration.md, and change the setting if it is not meant so."),
    ),
    Code.SETTINGS_WRONG: _Sentence(
        _("A start-up check finds something wrong in the settings ({id})."),
        advice=_("Correct the setting; docs/configuration.md explains the number. Then restart the platform."),
    ),
    Code.SETTINGS_TABLES: _Sentence(
        _("The tables of live sessions cannot be read."), advice=_("Run ./manage.py lms migrate bbb_xblock.")
    ),
    Code.COURSE_UNREADABLE: _Sentence(
        _("This is no course key."),
        advice=_("Copy it from the address of the course: it looks like course-v1:Org+Course+Run."),
    ),
    Code.COURSE_SERVED: _Sentence(_("The course has a server.")),
    Code.COURSE_UNSERVED: _Sentence(
        _("The course has no server that can be used ({id})."),
        advice=_("Choose a server for the course, its organisation or all courses with SERVER."),
    ),
    Code.COURSE_OFF: _Sentence(
        _("Live sessions are switched off for this course."),
        advice=_("Set ENABLED to True in the layer that decides, if they should be on."),
    ),
    Code.NAME_PROXY: _Sentence(
        _("Calls go through the proxy of the environment; name, port and certificate are the proxy's to see.")
    ),
    Code.NAME_KNOWN: _Sentence(_("The server's name is known.")),
    Code.NAME_UNKNOWN: _Sentence(
        _("The server's name is not known: no DNS server has an address for it."),
        advice=_("Check the spelling in URL, and whether this machine can use the DNS that knows the name."),
    ),
    Code.PORT_OPEN: _Sentence(_("The server's port is open.")),
    Code.PORT_CLOSED: _Sentence(
        _("Nothing listens at the server's port: the connection is refused."),
        advice=_("Check the port in URL, and that the web server of BigBlueButton runs: systemctl status nginx."),
    ),
    Code.PORT_SILENT: _Sentence(
        _("The server's port does not answer at all, most often because of a firewall."),
        advice=_("Let this machine through in the firewalls on the way, or check the address that the name leads to."),
    ),
    Code.PORT_UNREACHABLE: _Sentence(
        _("There is no way from here to the server's address."),
        advice=_("Check the network and the routes of this machine, and the address that the name leads to."),
    ),
    Code.TLS_UNUSED: _Sentence(
        _("The server is called without TLS: anybody on the way can read along."),
        advice=_("Fine for a trial on one machine. Otherwise give the server a certificate and write https: in URL."),
    ),
    Code.TLS_GOOD: _Sentence(
        _("The server's certificate is trusted for {count} more day."),
        plural=_("The server's certificate is trusted for {count} more days."),
    ),
    Code.TLS_ENDS_SOON: _Sentence(
        _("The server's certificate expires in {count} day."),
        plural=_("The server's certificate expires in {count} days."),
        advice=_("Renew it, and find out why that did not happen by itself: certbot renew --dry-run."),
    ),
    Code.TLS_EXPIRED: _Sentence(
        _("The server's certificate has expired."),
        advice=_(
            "Renew it on the server: certbot renew. If it was renewed, reload the web server, and check the clocks."
        ),
    ),
    Code.TLS_NOT_YET_VALID: _Sentence(
        _("The server's certificate is not valid yet."),
        advice=_("Check the clocks of both machines; the certificate may be right and the clock wrong."),
    ),
    Code.TLS_SELF_SIGNED: _Sentence(
        _("The server's certificate is self-signed: nobody vouches for it."),
        advice=_(
            "Get a certificate from a public authority, for example Let's Encrypt. For one of your own, set "
            "REQUESTS_CA_BUNDLE to a file with its certificate; people's browsers must trust it too."
        ),
    ),
    Code.TLS_UNKNOWN_ISSUER: _Sentence(
        _("The server's certificate comes from an authority that is not trusted here."),
        advice=_(
            "Most often the web server does not send the certificates in between: let it send the full chain. "
            "For an authority of your own, set REQUESTS_CA_BUNDLE to a file with its certificate."
        ),
    ),
    Code.TLS_OTHER_NAME: _Sentence(
        _("The server's certificate is for another name."),
        advice=_("Use in URL the name that the certificate is for, or get a certificate for this name."),
    ),
    Code.TLS_MISSING: _Sentence(
        _("The address begins with https:, but the port does not speak TLS."),
        advice=_(
            "Check the port in URL, or set TLS up in the web server. http: alone does not do: browsers need TLS too."
        ),
    ),
    Code.TLS_NO_AUTHORITIES: _Sentence(
        _("No certificate can be checked here: the file of REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE cannot be read."),
        advice=_("Correct the path in the environment of the platform, or unset the variable."),
    ),
    Code.TLS_BROKEN: _Sentence(
        _("No TLS connection can be made with the server."),
        advice=_("Look at it from here with openssl s_client; an old TLS version or a missing cipher is most likely."),
    ),
    Code.TLS_WANTED: _Sentence(
        _("The address begins with http:, but the server wants https:."), advice=_("Write https: in URL.")
    ),
    Code.API_BIGBLUEBUTTON: _Sentence(_("BigBlueButton answers.")),
    Code.API_SCALELITE: _Sentence(_("The balancer Scalelite answers.")),
    Code.API_BBBLB: _Sentence(_("The balancer bbblb answers.")),
    Code.API_BALANCER: _Sentence(_("A balancer for BigBlueButton servers answers, most likely Scalelite.")),
    Code.API_LOGIN: _Sentence(
        _("A page that asks for a password answers in place of BigBlueButton."),
        advice=_(
            "Except /bigbluebutton/api from the login in front of the server, or use the server's own address. "
            "Greenlight's login page has the address of people, not of the API: ask bbb-conf --secret."
        ),
    ),
    Code.API_REDIRECT: _Sentence(
        _("The server sends us to another address, most often to a login page."),
        advice=_(
            "Use the address that bbb-conf --secret prints, and except /bigbluebutton/api from any login or "
            "redirect in front of the server."
        ),
    ),
    Code.API_WEB_PAGE: _Sentence(
        _("A web page answers in place of BigBlueButton."),
        advice=_("Use the address that bbb-conf --secret prints on the BigBlueButton server."),
    ),
    Code.API_UNREADABLE: _Sentence(
        _("Something answers that is not BigBlueButton."),
        advice=_(
            "Use the address that bbb-conf --secret prints, and check what any proxy in front of it does to answers."
        ),
    ),
    Code.API_WRONG_PATH: _Sentence(
        _("There is a web server, but no BigBlueButton at this address (HTTP status {status})."),
        advice=_("Check host and path: use the address that bbb-conf --secret prints."),
    ),
    Code.API_LOCKED: _Sentence(
        _("The web server does not let this machine in (HTTP status {status})."),
        advice=_("Except /bigbluebutton/api from any login, or allow this machine's address in the web server."),
    ),
    Code.API_DOWN: _Sentence(
        _("The web server answers, but BigBlueButton behind it does not (HTTP status {status})."),
        advice=_("Look on the server with bbb-conf --check, and restart it with bbb-conf --restart."),
    ),
    Code.API_STATUS: _Sentence(
        _("The web server answers in a way that BigBlueButton never does (HTTP status {status})."),
        advice=_("Look into the log of the web server, and at any proxy in front of it."),
    ),
    Code.API_SLOW: _Sentence(
        _("The server takes the connection but does not answer in time."),
        advice=_("Look at its load with top. If it is only slow, raise READ_TIMEOUT."),
    ),
    Code.API_BROKEN: _Sentence(
        _("The connection to the server breaks before an answer has come."),
        advice=_(
            "Check that URL names the web server's port, and look into its log and that of any proxy in front of it."
        ),
    ),
    Code.API_REFUSED: _Sentence(
        _("The server understands the call and refuses it."), advice=_("Look into its log: journalctl -u bbb-web.")
    ),
    Code.API_POOL_EMPTY: _Sentence(
        _("The balancer has no BigBlueButton server that works."),
        advice=_("Look at its servers, for Scalelite with rake status, and enable one."),
    ),
    Code.CLOCK_RIGHT: _Sentence(_("The clocks of the server and of this machine agree.")),
    Code.CLOCK_AHEAD: _Sentence(
        _("The server's clock is ahead of this machine's, by {time} (hours, minutes, seconds)."),
        advice=_(
            "Let both take the time from the network; timedatectl says which of them does not. Times would be wrong."
        ),
    ),
    Code.CLOCK_BEHIND: _Sentence(
        _("The server's clock is behind this machine's, by {time} (hours, minutes, seconds)."),
        advice=_(
            "Let both take the time from the network; timedatectl says which of them does not. Times would be wrong."
        ),
    ),
    Code.SECRET_TAKEN: _Sentence(_("The server takes the secret, signed with {ours}. It would take: {taken}.")),
    Code.SECRET_REFUSED: _Sentence(
        _("The server refuses the secret, with every checksum."),
        advice=_(
            "Compare it with what bbb-conf --secret prints on the server; it may have been changed there. "
            "Behind a balancer it is the balancer's secret, and with several tenants the secret of this host "
            "name's tenant."
        ),
    ),
    Code.SECRET_PREVIOUS: _Sentence(
        _("The server refuses the secret, but takes one of PREVIOUS_SECRETS."),
        advice=_("Give the server the new secret with bbb-conf --setsecret, or go back to the old one until then."),
    ),
    Code.SECRET_IGNORED: _Sentence(
        _("The server takes calls with any secret: everybody can use it."),
        advice=_(
            "Set a secret on the server with bbb-conf --setsecret. If this is a test server, do not use it for classes."
        ),
    ),
    Code.CHECKSUM_OTHER: _Sentence(
        _("The server takes the secret, but not signed with {ours}. It takes: {taken}."),
        advice=_('Set "CHECKSUM": "{better}" for this server, or allow {ours} there (supportedChecksumAlgorithms).'),
    ),
    Code.CHECKSUM_ONLY_SHA1: _Sentence(
        _("The server takes the secret signed with sha1 only."),
        advice=_(
            'Allow sha256 on the server (supportedChecksumAlgorithms) or update it. Until then set "CHECKSUM": '
            '"sha1" for this server.'
        ),
    ),
    Code.CHECKSUM_OLD: _Sentence(
        _("Calls are signed with sha1, and the server takes better ones."),
        advice=_('Set "CHECKSUM": "{better}" for this server.'),
    ),
    Code.SPEED_GOOD: _Sentence(_("A call takes {count} millisecond."), plural=_("A call takes {count} milliseconds.")),
    Code.SPEED_SLOW: _Sentence(
        _("A call takes {count} millisecond, which is long."),
        plural=_("A call takes {count} milliseconds, which is long."),
        advice=_("Look at the server's load and at the network between. If it cannot be faster, raise READ_TIMEOUT."),
    ),
    Code.RECORDINGS_TOLD: _Sentence(_("The server tells of recordings.")),
    Code.RECORDINGS_FAILED: _Sentence(
        _("The server does not tell of recordings. Sessions work, but nobody will find a recording."),
        advice=_(
            "Look into its log: journalctl -u bbb-web. A balancer needs its own database and storage for recordings."
        ),
    ),
    Code.RECORDINGS_ELSEWHERE: _Sentence(
        _("The server has recordings play at another host. Nobody is led there, so they do not open."),
        advice=_("If that host is yours, name it in PLAYBACK_HOSTS of this server; if not, look into the server."),
    ),
    Code.MEETING_MADE: _Sentence(_("A meeting could be made and ended.")),
    Code.SLIDES_FETCHED: _Sentence(_("The server fetched slides from us.")),
    Code.SLIDES_MISSING: _Sentence(
        _("The server did not fetch slides from us. Rooms begin without the slides that authors chose."),
        advice=_(
            "The server must reach that address, with a certificate that it trusts, at a host that is not private. "
            'If it cannot, set "SLIDES_WAY": "inline": small files then travel in the call that makes the room.'
        ),
    ),
    Code.SLIDES_INLINE: _Sentence(
        _("Slides travel in the call that makes a room, which has space for about 1.4 MB of them.")
    ),
    Code.CALLBACK_CAME: _Sentence(_("The server told us that the meeting had ended.")),
    Code.CALLBACK_MISSING: _Sentence(
        _("The server did not call us back within {count} second."),
        plural=_("The server did not call us back within {count} seconds."),
        advice=_(
            "Open that address with curl -i on the BigBlueButton server: the answer must be 401, from the LMS, with a "
            "certificate that the server trusts. Sessions work without; their end and recordings are noticed late."
        ),
    ),
    Code.CALLBACK_UNASKED: _Sentence(
        _("The server was not asked to call back: the LMS does not know its own address."),
        advice=_("Set LMS_ROOT_URL to a full address, and run this command in the LMS."),
    ),
}


def line(finding: Finding, i18n: Translator) -> Line:
    """Give the words for a finding."""
    said, values = _SENTENCES[finding.code], dict(finding.values)
    text = i18n.ngettext(said.text, said.plural, int(values["count"])) if said.plural else i18n.gettext(said.text)
    # An empty text would be translated into the head of the catalogue.
    advice = i18n.gettext(said.advice) if said.advice else ""
    return Line(text=text.format(**values), advice=advice.format(**values))
