"""What the course team reads when it has changed something in the register, and why it cannot see or change it."""

from collections.abc import Mapping, Sequence

from bbb_xblock.domain.attendance.outcomes import Change
from bbb_xblock.domain.errors import Code
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _
from bbb_xblock.words import refusals
from bbb_xblock.words.attendance import points_of
from bbb_xblock.words.refusals import PageWords

# So many people are named whose grade would change, or stays although it would.
MOST_NAMED = 50

# Where a refusal's own words are about joining.
_REFUSALS = {
    Code.NOT_SIGNED_IN: (
        _("Please sign in"),
        _("We could not see who you are. Sign in to the course, then try again."),
    ),
    Code.VIEWING_AS_LEARNER: (
        _("Not in this view"),
        _("You are viewing the course as one learner. Switch back to your own view to see and correct attendance."),
    ),
    Code.IDENTITY_UNCLEAR: (
        _("Please try again"),
        _("The course platform could not tell for certain who you are. Reload the page and try again."),
    ),
    Code.MODERATORS_ONLY: (_("For the course team only"), _("Only the course team can see and correct attendance.")),
    Code.OUT_OF_ORDER: (
        _("Out of order"),
        _("The course platform cannot show or change attendance at the moment. Try again in a few minutes."),
    ),
    Code.TICKET_MISSING: (
        _("Please use the buttons"),
        _("This works only from the course page. Go back to the course and open the attendance there."),
    ),
    Code.TICKET_REFUSED: (
        _("This page is not yours"),
        _("This page was made for somebody else or was changed. Go back to the course and open the attendance there."),
    ),
    Code.TICKET_EXPIRED: (
        _("This page is too old"),
        _("The page was open for a long time. Reload the course page, then open the attendance again."),
    ),
    Code.METHOD_NOT_ALLOWED: (_("Not understood"), _("The request could not be read. Reload the page and try again.")),
    Code.BAD_REQUEST: (
        _("Nothing has changed"),
        _("Choose one or more people of this page, and a session. If that does not help, reload the page."),
    ),
    Code.NOT_VALID: (_("Nothing has changed"), _("Write a reason, so that everybody can tell later why it was so.")),
}


def corrected(people: int, i18n: Translator) -> str:
    """Say of how many people it is saved how they stand."""
    said = i18n.ngettext("Saved for {count} person.", "Saved for {count} people.", people)
    return said.format(count=people)


def undone(corrections: int, i18n: Translator) -> str:
    """Say how many corrections were taken back."""
    if not corrections:
        return i18n.gettext("Nothing has changed: this was undone already.")
    return i18n.ngettext("Undone for {count} person.", "Undone for {count} people.", corrections).format(
        count=corrections
    )


def looking(i18n: Translator) -> str:
    """Say that attendance is worked out anew."""
    return i18n.gettext("Attendance is being worked out anew. Reload the page in a minute.")


def regrade_preview(changes: int, kept: int, points: int, i18n: Translator) -> str:
    """Say how many grades telling all of them anew would change, and how many it would keep although they would.

    ``points`` is how many there are, 0 for none.
    """
    if not points:
        return i18n.gettext("This component is not graded. In Studio, its author gives points for attendance.")
    said = i18n.gettext("No grade would change. Telling all anew brings back what the platform has lost.")
    if changes:
        said = i18n.ngettext("{count} grade would change:", "{count} grades would change:", changes)
        said = said.format(count=changes)
    if not kept:
        return said
    stay = i18n.ngettext(
        "{count} grade stays as it is, because attendance that it came from was deleted by its age.",
        "{count} grades stay as they are, because attendance that they came from was deleted by its age.",
        kept,
    )
    return f"{stay.format(count=kept)} {said}"


def grade_changes(changes: Sequence[Change], names: Mapping[int, str], points: int, i18n: Translator) -> list[str]:
    """Say of each person what changes, or stays although it would change."""
    changed = i18n.gettext("{name}: {after} in place of {before} points")
    kept = i18n.gettext("{name}: {before} points stay, because attendance was deleted by its age")
    return [
        (kept if change.is_kept else changed).format(
            name=names.get(change.user_id) or i18n.gettext("Guest"),
            after=points_of(change.value, points),
            before=points_of(change.before, points),
        )
        for change in changes
    ]


def regrading(i18n: Translator) -> str:
    """Say that every grade is told anew."""
    return i18n.gettext("Every grade is being told anew. The course platform shows it in some minutes.")


def refusal(code: Code, i18n: Translator) -> PageWords:
    """Say why nothing is shown or has changed."""
    return refusals.refusal(code, i18n, _REFUSALS)
