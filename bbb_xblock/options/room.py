"""Options of the room: who is in it, what they find there and what they may do."""

from dataclasses import dataclass

from bbb_xblock.options.choices import Feature, Layout, Leaders, WaitingRoom
from bbb_xblock.options.kinds import Address, Choice, Choices, Colour, Files, Line, Number
from bbb_xblock.options.option import Condition, option, switch
from bbb_xblock.options.texts import marked as _

MAX_PARTICIPANTS = 10_000
_SOME_WAIT = Condition("who_leads", (Leaders.COURSE_TEAM, Leaders.FORUM_MODERATORS))


@dataclass(frozen=True, kw_only=True)
class Slides:
    """Which slides the room has."""

    slides: tuple[str, ...] = option(
        (),
        Files(),
        _("Slides of the room"),
        _("Names from “Files” of the course, each on a line, such as lecture-1.pdf. The first is shown at once."),
    )
    slides_downloadable: bool = switch(
        _("Participants may download the slides"),
        _("The room offers the files themselves."),
        Condition("slides"),
    )


@dataclass(frozen=True, kw_only=True)
class People:
    """Who waits, and how many come in."""

    wait_for_moderator: bool = switch(
        _("Wait for a moderator"),
        _("Participants can come in only when a moderator is in the room."),
        _SOME_WAIT,
    )
    waiting_room: WaitingRoom = option(
        WaitingRoom.NOBODY,
        Choice(WaitingRoom),
        _("Waiting room"),
        _("Who waits until a moderator in the room lets them in, one by one."),
    )
    max_participants: int = option(
        0,
        Number(0, MAX_PARTICIPANTS),
        _("Most people in the room"),
        _("How many people may be in the room at once. 0 means no limit."),
    )
    keep_seat: bool = switch(
        _("Keep a seat for a moderator"),
        _("The last seat stays free until a moderator is in the room."),
        _SOME_WAIT,
        Condition("max_participants"),
        default=True,
    )


@dataclass(frozen=True, kw_only=True)
class SoundAndPicture:
    """Microphones and cameras."""

    mute_on_start: bool = switch(
        _("Mute microphones at the start"),
        _("Everybody comes in with the microphone off and can turn it on."),
    )
    moderators_unmute: bool = switch(
        _("Moderators may turn microphones on"),
        _("Moderators can turn on the microphones of others."),
    )
    cameras_for_moderators: bool = switch(
        _("Only moderators see cameras"),
        _("The cameras of participants are shown to moderators only."),
    )
    cameras_per_person: int = option(
        0,
        Number(0, 10),
        _("Most cameras per person"),
        _("How many cameras one person may share. 0 means as the classroom server has it."),
    )
    cameras_in_room: int = option(
        0,
        Number(0, 1000),
        _("Most cameras in the room"),
        _("How many cameras may be on at once. 0 means as the classroom server has it."),
    )
    skip_audio_check: bool = switch(_("Skip the audio check"), _("People come in without hearing themselves first."))
    no_listen_only: bool = switch(
        _("Nobody only listens"),
        _("People come in with a microphone; listening without one is not offered."),
    )


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """What participants may not do, and which features nobody has."""

    lock_camera: bool = switch(
        _("No cameras"), _("Participants cannot share their camera until a moderator allows it.")
    )
    lock_microphone: bool = switch(_("No microphones"), _("Participants only listen until a moderator allows more."))
    lock_private_chat: bool = switch(
        _("No private chat"),
        _("Participants write to moderators and to everybody, not to each other."),
    )
    lock_public_chat: bool = switch(_("No public chat"), _("Participants cannot write to everybody."))
    lock_notes: bool = switch(_("No shared notes"), _("Participants read the shared notes and cannot write."))
    hide_people: bool = switch(_("Hide the list of people"), _("Participants see moderators only, not each other."))
    hide_cursors: bool = switch(_("Hide cursors"), _("Participants do not see each other's cursors on the whiteboard."))
    hide_annotations: bool = switch(
        _("Hide annotations"), _("Participants do not see what others draw on the whiteboard.")
    )
    features_off: tuple[Feature, ...] = option(
        (),
        Choices(Feature),
        _("Switched off"),
        _("Features that nobody has in this room, not even moderators."),
    )


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the room looks, and the language it speaks."""

    layout: Layout = option(
        Layout.SERVER,
        Choice(Layout),
        _("Layout"),
        _("How the room is arranged. A server that does not know the layout uses its own."),
    )
    keep_layout: bool = switch(
        _("Nobody changes the layout"), _("Everybody sees the room in this layout."), Condition("layout")
    )
    own_language: bool = switch(
        _("The room speaks the language of the course page"),
        _("Otherwise it speaks the language of each person's browser."),
    )
    logo: str = option(
        "",
        Address(),
        _("Logo"),
        _("The address of a picture that the room shows. It begins with https://."),
    )
    banner_text: str = option("", Line(100), _("Banner"), _("A line of text at the top of the room."))
    banner_color: str = option(
        "", Colour(), _("Colour of the banner"), _("For example #0a3055."), Condition("banner_text")
    )
