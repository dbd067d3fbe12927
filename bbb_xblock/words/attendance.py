"""What pages say of attendance."""

from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Measure
from bbb_xblock.options.texts import Translator


def attendance_rule(options: SessionOptions, i18n: Translator) -> str:
    """Say what counts as present."""
    if options.attendance_measure is Measure.MINUTES:
        said = i18n.ngettext(
            "Whoever was there for {count} minute of a session was present.",
            "Whoever was there for {count} minutes of a session was present.",
            options.attendance_minutes,
        )
        return said.format(count=options.attendance_minutes)
    said = i18n.gettext("Whoever was there for {share} per cent of a session was present.")
    return said.format(share=options.attendance_share)
