"""Options of recordings: how they are made, and who sees them."""

from dataclasses import dataclass

from bbb_xblock.options.choices import ShownRecordings
from bbb_xblock.options.kinds import Choice, Number
from bbb_xblock.options.option import Condition, option, switch
from bbb_xblock.options.texts import marked as _


@dataclass(frozen=True, kw_only=True)
class Recording:
    """Whether and how the session is recorded."""

    record: bool = switch(
        _("Allow recording"),
        _("Moderators may record the session. Participants are told when recording is on."),
    )
    record_at_once: bool = switch(
        _("Recording starts by itself"),
        _("Recording begins when the first person comes in."),
        Condition("record"),
    )
    hide_record_button: bool = switch(
        _("Nobody can stop the recording"),
        _("The button that starts and stops recording is hidden, so the whole session is recorded."),
        Condition("record_at_once"),
    )
    record_everything: bool = switch(
        _("Keep sound and picture of the whole session"),
        _("Sound and cameras are kept even for the time in which nobody recorded."),
        Condition("record"),
    )
    announce_recording: bool = switch(
        _("Ask for consent to recording"),
        _("Everybody has to agree to being recorded, or leave, when recording is on."),
        Condition("record"),
    )
    recording_days: int = option(
        0,
        Number(0, 36500),
        _("Days to keep recordings"),
        _("Recordings are deleted so many days after the session. 0 means as long as the site keeps them."),
        Condition("record"),
    )


@dataclass(frozen=True, kw_only=True)
class After:
    """Who sees what was recorded."""

    shown_recordings: ShownRecordings = option(
        ShownRecordings.PUBLISHED,
        Choice(ShownRecordings),
        _("Participants see recordings"),
        _("The course team sees them always. “Always” shows the names of unpublished ones too; nobody can open those."),
    )
