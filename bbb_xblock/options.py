"""The one table of what an author may choose for a session.

Everything else is read from it: the fields of the block, what an operator may set in DEFAULTS and LOCKED, how values
are cleaned, the documents, the editor. A new option is one line here, a use in ``domain/wishes.py`` and a test.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from bbb_xblock.choices import Feature, Group, Layout, Leaders, SessionKind, ShownRecordings, WaitingRoom
from bbb_xblock.kinds import Address, Choice, Choices, Colour, Files, Line, Moment, Number, Problem, Text
from bbb_xblock.moments import Relative
from bbb_xblock.option import HAS_ROOM, Condition, Option, option, switch

LONGEST_TITLE = 255
MAX_PARTICIPANTS = 10_000
# Stands for a value that could not be read.
UNREADABLE: Final = object()
_DAY_MINUTES = 1440
_SOME_WAIT = Condition("who_leads", (Leaders.COURSE_TEAM, Leaders.FORUM_MODERATORS))


def _(message: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return message


@dataclass(frozen=True, kw_only=True)
class SessionOptions:
    """What applies to a session: chosen by author and operator, cleaned and clamped (``rules.session_options``).

    Of each option: the default, the kind, the group, the label, the help, the conditions beside those of the group.
    A condition names an option further up.
    """

    # The session
    title: str = option(
        "Live session",
        Line(LONGEST_TITLE, required=True),
        Group.BASICS,
        _("Title"),
        _("The name of the session, in the course and in the room."),
    )
    kind: SessionKind = option(
        SessionKind.ALL,
        Choice(SessionKind),
        Group.BASICS,
        _("What it is"),
        _("A session may have a room to meet in, a list of recordings, or both."),
    )
    opens_at: datetime | None = option(
        None,
        Moment(),
        Group.BASICS,
        _("Opens"),
        _("When participants can come in. Empty: at any time."),
        HAS_ROOM,
    )
    closes_at: datetime | None = option(
        None,
        Moment(),
        Group.BASICS,
        _("Closes"),
        _("When the session is over for everybody. Empty: never."),
        HAS_ROOM,
    )
    who_leads: Leaders = option(
        Leaders.COURSE_TEAM,
        Choice(Leaders),
        Group.BASICS,
        _("Who leads"),
        _("Those who lead come in as moderators: they may mute and remove people, share slides and end the session."),
        HAS_ROOM,
    )

    # Texts
    description: str = option(
        "", Text(2000), Group.TEXTS, _("Description"), _("Shown on the course page, above the Join button. Plain text.")
    )
    welcome: str = option(
        "",
        Text(4000),
        Group.TEXTS,
        _("Welcome text"),
        _("Shown in the room's chat to everybody who comes in. Plain text."),
        HAS_ROOM,
    )
    moderator_message: str = option(
        "",
        Text(1000),
        Group.TEXTS,
        _("Message for moderators"),
        _("Shown in the room's chat to moderators only. Plain text."),
        HAS_ROOM,
    )

    # Time
    lead_minutes: int = option(
        10,
        Number(0, _DAY_MINUTES),
        Group.TIME,
        _("Minutes for moderators before it opens"),
        _("Moderators can come in so many minutes earlier than participants."),
        Condition("opens_at"),
    )
    duration_minutes: int = option(
        0,
        Number(0, _DAY_MINUTES),
        Group.TIME,
        _("Longest duration in minutes"),
        _("The session ends by itself after so many minutes. 0 means no limit."),
    )

    # Slides
    slides: tuple[str, ...] = option(
        (),
        Files(),
        Group.SLIDES,
        _("Slides of the room"),
        _("Names from “Files” of the course, each on a line, such as lecture-1.pdf. The first is shown at once."),
    )
    slides_downloadable: bool = switch(
        Group.SLIDES,
        _("Participants may download the slides"),
        _("The room offers the files themselves."),
        Condition("slides"),
    )

    # People and waiting
    wait_for_moderator: bool = switch(
        Group.PEOPLE,
        _("Wait for a moderator"),
        _("Participants can come in only when a moderator is in the room."),
        _SOME_WAIT,
    )
    waiting_room: WaitingRoom = option(
        WaitingRoom.NOBODY,
        Choice(WaitingRoom),
        Group.PEOPLE,
        _("Waiting room"),
        _("Who waits until a moderator in the room lets them in, one by one."),
    )
    max_participants: int = option(
        0,
        Number(0, MAX_PARTICIPANTS),
        Group.PEOPLE,
        _("Most people in the room"),
        _("How many people may be in the room at once. 0 means no limit."),
    )
    keep_seat: bool = switch(
        Group.PEOPLE,
        _("Keep a seat for a moderator"),
        _("The last seat stays free until a moderator is in the room."),
        _SOME_WAIT,
        Condition("max_participants"),
        default=True,
    )

    # Recording
    record: bool = switch(
        Group.RECORDING,
        _("Allow recording"),
        _("Moderators may record the session. Participants are told when recording is on."),
    )
    record_at_once: bool = switch(
        Group.RECORDING,
        _("Recording starts by itself"),
        _("Recording begins when the first person comes in."),
        Condition("record"),
    )
    hide_record_button: bool = switch(
        Group.RECORDING,
        _("Nobody can stop the recording"),
        _("The button that starts and stops recording is hidden, so the whole session is recorded."),
        Condition("record_at_once"),
    )
    record_everything: bool = switch(
        Group.RECORDING,
        _("Keep sound and picture of the whole session"),
        _("Sound and cameras are kept even for the time in which nobody recorded."),
        Condition("record"),
    )
    announce_recording: bool = switch(
        Group.RECORDING,
        _("Ask for consent to recording"),
        _("Everybody has to agree to being recorded, or leave, when recording is on."),
        Condition("record"),
    )

    # Sound and picture
    mute_on_start: bool = switch(
        Group.SOUND_AND_PICTURE,
        _("Mute microphones at the start"),
        _("Everybody comes in with the microphone off and can turn it on."),
    )
    moderators_unmute: bool = switch(
        Group.SOUND_AND_PICTURE,
        _("Moderators may turn microphones on"),
        _("Moderators can turn on the microphones of others."),
    )
    cameras_for_moderators: bool = switch(
        Group.SOUND_AND_PICTURE,
        _("Only moderators see cameras"),
        _("The cameras of participants are shown to moderators only."),
    )
    cameras_per_person: int = option(
        0,
        Number(0, 10),
        Group.SOUND_AND_PICTURE,
        _("Most cameras per person"),
        _("How many cameras one person may share. 0 means as the classroom server has it."),
    )
    cameras_in_room: int = option(
        0,
        Number(0, 1000),
        Group.SOUND_AND_PICTURE,
        _("Most cameras in the room"),
        _("How many cameras may be on at once. 0 means as the classroom server has it."),
    )
    skip_audio_check: bool = switch(
        Group.SOUND_AND_PICTURE, _("Skip the audio check"), _("People come in without hearing themselves first.")
    )
    no_listen_only: bool = switch(
        Group.SOUND_AND_PICTURE,
        _("Nobody only listens"),
        _("People come in with a microphone; listening without one is not offered."),
    )

    # What participants may do
    lock_camera: bool = switch(
        Group.PERMISSIONS, _("No cameras"), _("Participants cannot share their camera until a moderator allows it.")
    )
    lock_microphone: bool = switch(
        Group.PERMISSIONS, _("No microphones"), _("Participants only listen until a moderator allows more.")
    )
    lock_private_chat: bool = switch(
        Group.PERMISSIONS,
        _("No private chat"),
        _("Participants write to moderators and to everybody, not to each other."),
    )
    lock_public_chat: bool = switch(
        Group.PERMISSIONS, _("No public chat"), _("Participants cannot write to everybody.")
    )
    lock_notes: bool = switch(
        Group.PERMISSIONS, _("No shared notes"), _("Participants read the shared notes and cannot write.")
    )
    hide_people: bool = switch(
        Group.PERMISSIONS, _("Hide the list of people"), _("Participants see moderators only, not each other.")
    )
    hide_cursors: bool = switch(
        Group.PERMISSIONS, _("Hide cursors"), _("Participants do not see each other's cursors on the whiteboard.")
    )
    hide_annotations: bool = switch(
        Group.PERMISSIONS, _("Hide annotations"), _("Participants do not see what others draw on the whiteboard.")
    )
    features_off: tuple[Feature, ...] = option(
        (),
        Choices(Feature),
        Group.PERMISSIONS,
        _("Switched off"),
        _("Features that nobody has in this room, not even moderators."),
    )

    # Look and language
    layout: Layout = option(
        Layout.SERVER,
        Choice(Layout),
        Group.LOOK,
        _("Layout"),
        _("How the room is arranged. A server that does not know the layout uses its own."),
    )
    keep_layout: bool = switch(
        Group.LOOK, _("Nobody changes the layout"), _("Everybody sees the room in this layout."), Condition("layout")
    )
    own_language: bool = switch(
        Group.LOOK,
        _("The room speaks the language of the course page"),
        _("Otherwise it speaks the language of each person's browser."),
    )
    logo: str = option(
        "",
        Address(),
        Group.LOOK,
        _("Logo"),
        _("The address of a picture that the room shows. It begins with https://."),
    )
    banner_text: str = option("", Line(100), Group.LOOK, _("Banner"), _("A line of text at the top of the room."))
    banner_color: str = option(
        "", Colour(), Group.LOOK, _("Colour of the banner"), _("For example #0a3055."), Condition("banner_text")
    )

    # After the session
    shown_recordings: ShownRecordings = option(
        ShownRecordings.PUBLISHED,
        Choice(ShownRecordings),
        Group.AFTER,
        _("Participants see recordings"),
        _("The course team sees them always."),
    )

    # If the classroom server is down
    plan_b_text: str = option(
        "",
        Text(1000),
        Group.PLAN_B,
        _("Plan B"),
        _("Shown when the classroom server does not answer: what participants do then. Plain text."),
    )
    plan_b_link: str = option(
        "", Address(), Group.PLAN_B, _("Link of plan B"), _("Where participants go then. It begins with https://.")
    )


OPTIONS: Final[Mapping[str, Option]] = MappingProxyType(
    {each.name: Option(name=each.name, default=each.default, **each.metadata) for each in fields(SessionOptions)}
)


def default_problem(name: object, value: object) -> str:
    """Say in one English sentence what is wrong with an operator's default; empty when it is right."""
    option = OPTIONS.get(name) if isinstance(name, str) else None
    if option is None:
        return f"The option {name!r} is not known."
    problem = option.kind.problem(value)
    if isinstance(option.kind, Moment) and isinstance(option.kind.usable(value, None), Relative):
        return f"“{option.name}” must be a time of its own here; only authors tell times by a course's dates."
    return problem.message.format(label=option.name, **problem.values) if problem else ""


def problems_of(values: Mapping[str, object]) -> Iterator[tuple[Option, Problem]]:
    """Yield what is wrong with an author's values, by name; an option that is missing is right."""
    for name, value in values.items():
        if problem := OPTIONS[name].kind.problem(value):
            yield OPTIONS[name], problem
    opens_at, closes_at = (OPTIONS[name].kind.usable(values.get(name), None) for name in ("opens_at", "closes_at"))
    if isinstance(opens_at, datetime) and isinstance(closes_at, datetime) and closes_at <= opens_at:
        yield OPTIONS["closes_at"], Problem(_("“{label}” must be later than the opening."))


def to_remember(options: SessionOptions) -> dict[str, Any]:
    """Give what differs from the table's defaults and is no text, as JSON holds it."""
    return {
        option.name: option.kind.plain(value)
        for option in OPTIONS.values()
        if (value := getattr(options, option.name)) != option.default
        and not isinstance(option.kind, Line | Text | Files)
    }
