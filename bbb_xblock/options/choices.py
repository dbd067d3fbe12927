"""The lists from which authors choose. Course files and settings hold the values; people read the labels."""

from enum import StrEnum

from bbb_xblock.options.texts import marked as _


class Labelled(StrEnum):
    """A value with a label for people."""

    label: str

    def __new__(cls, value: str, label: str) -> "Labelled":
        """Make a text that has a label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class SessionKind(Labelled):
    """What a session consists of."""

    ALL = "all", _("A room, and its recordings")
    ROOM = "room", _("A room only")
    RECORDINGS = "recordings", _("Recordings only")


class Leaders(Labelled):
    """Who comes in as a moderator."""

    COURSE_TEAM = "course_team", _("The course team")
    FORUM_MODERATORS = "forum_moderators", _("The course team and the moderators of the forum")
    EVERYBODY = "everybody", _("Everybody")


class Anchor(Labelled):
    """The dates by which another time may be told."""

    COURSE_START = "course_start", _("The start of the course")
    SUBSECTION_START = "subsection_start", _("The start of the subsection")
    SUBSECTION_DUE = "subsection_due", _("The due date of the subsection")


class WaitingRoom(Labelled):
    """Whom a moderator has to let in."""

    NOBODY = "nobody", _("Nobody")
    GUESTS = "guests", _("Guests")
    EVERYBODY = "everybody", _("Everybody but moderators")


class ShownRecordings(Labelled):
    """When learners see the recordings."""

    NEVER = "never", _("Never")
    PUBLISHED = "published", _("When the course team has published them")
    ALWAYS = "always", _("Always")


class Measure(Labelled):
    """By what attendance is measured."""

    SHARE = "share", _("Part of the session")
    MINUTES = "minutes", _("Minutes")


class Curve(Labelled):
    """What less than the needed time is worth: nothing, as much as it is, or as many whole quarters as it has."""

    FULL = "full", _("No points")
    LINEAR = "linear", _("A share of the points, by how long they were there")
    STEPPED = "stepped", _("A quarter, a half or three quarters of the points")


class Completion(Labelled):
    """By what participants complete the component."""

    JOIN = "join", _("Join the room")
    PRESENCE = "presence", _("Were present in a session")
    VIEWING = "viewing", _("Open a recording")
    NEVER = "never", _("Never: the component does not count for completion")


class Layout(Labelled):
    """How the room is arranged (BigBlueButton API docs, create, meetingLayout)."""

    SERVER = "", _("As the classroom server has it")
    CUSTOM = "CUSTOM_LAYOUT", _("As each person arranges it")
    SMART = "SMART_LAYOUT", _("Arranges itself")
    PRESENTATION_FOCUS = "PRESENTATION_FOCUS", _("Slides large, cameras small")
    VIDEO_FOCUS = "VIDEO_FOCUS", _("Cameras large, slides small")
    UNIFIED = "UNIFIED_LAYOUT", _("One arrangement for everything")
    CAMERAS_ONLY = "CAMERAS_ONLY", _("Cameras only")
    PRESENTATION_ONLY = "PRESENTATION_ONLY", _("Slides only")
    PARTICIPANTS_AND_CHAT_ONLY = "PARTICIPANTS_AND_CHAT_ONLY", _("List of people and chat only")
    MEDIA_ONLY = "MEDIA_ONLY", _("Slides and cameras only")


class Feature(Labelled):
    """A feature that can be switched off (BigBlueButton API docs, create, disabledFeatures)."""

    BREAKOUT_ROOMS = "breakoutRooms", _("Breakout rooms")
    CAPTIONS = "captions", _("Captions")
    CHAT = "chat", _("Chat")
    PRIVATE_CHAT = "privateChat", _("Private chat")
    DELETE_CHAT_MESSAGE = "deleteChatMessage", _("Deleting chat messages")
    EDIT_CHAT_MESSAGE = "editChatMessage", _("Changing chat messages")
    REPLY_CHAT_MESSAGE = "replyChatMessage", _("Replying to chat messages")
    CHAT_MESSAGE_REACTIONS = "chatMessageReactions", _("Reactions to chat messages")
    CHAT_EMOJI_PICKER = "chatEmojiPicker", _("Emoji in the chat")
    PIN_CHAT_MESSAGE = "pinChatMessage", _("Pinning chat messages")
    DOWNLOAD_WITH_ANNOTATIONS = "downloadPresentationWithAnnotations", _("Downloading slides with annotations")
    DOWNLOAD_AS_PDF = "downloadPresentationConvertedToPdf", _("Downloading slides as PDF")
    DOWNLOAD_ORIGINAL = "downloadPresentationOriginalFile", _("Downloading the original slides")
    SNAPSHOT_OF_SLIDE = "snapshotOfCurrentSlide", _("Snapshots of a slide")
    EXTERNAL_VIDEOS = "externalVideos", _("Videos from other sites")
    IMPORT_BREAKOUT_SLIDES = "importPresentationWithAnnotationsFromBreakoutRooms", _("Slides from breakout rooms")
    IMPORT_BREAKOUT_NOTES = "importSharedNotesFromBreakoutRooms", _("Notes from breakout rooms")
    LAYOUTS = "layouts", _("Changing the layout")
    LEARNING_DASHBOARD = "learningDashboard", _("Learning dashboard")
    LEARNING_DASHBOARD_DOWNLOAD = "learningDashboardDownloadSessionData", _("Downloading the learning dashboard")
    POLLS = "polls", _("Polls")
    QUIZZES = "quizzes", _("Quizzes")
    SCREENSHARE = "screenshare", _("Sharing the screen")
    SHARED_NOTES = "sharedNotes", _("Shared notes")
    VIRTUAL_BACKGROUNDS = "virtualBackgrounds", _("Virtual backgrounds")
    CUSTOM_VIRTUAL_BACKGROUNDS = "customVirtualBackgrounds", _("One's own virtual backgrounds")
    LIVE_TRANSCRIPTION = "liveTranscription", _("Live transcription")
    PRESENTATION = "presentation", _("Slides and whiteboard")
    CAMERA_AS_CONTENT = "cameraAsContent", _("A camera in place of the slides")
    TIMER = "timer", _("Timer")
    INFINITE_WHITEBOARD = "infiniteWhiteboard", _("Endless whiteboard")
    RAISE_HAND = "raiseHand", _("Raising the hand")
    USER_REACTIONS = "userReactions", _("Reactions of people")
    PLUGINS = "plugins", _("Plugins")
    MULTI_FUNCTIONAL_MODE = "multiFunctionalMode", _("Two side panels at once")


class Group(Labelled):
    """Where an option stands in the editor, in this order."""

    BASICS = "basics", _("The session")
    TEXTS = "texts", _("Texts")
    TIME = "time", _("Time")
    SLIDES = "slides", _("Slides")
    PEOPLE = "people", _("People and waiting")
    RECORDING = "recording", _("Recording")
    SOUND_AND_PICTURE = "sound_and_picture", _("Sound and picture")
    PERMISSIONS = "permissions", _("What participants may do")
    LOOK = "look", _("Look and language")
    ATTENDANCE = "attendance", _("Attendance")
    PROGRESS = "progress", _("Completion and grade")
    AFTER = "after", _("After the session")
    PLAN_B = "plan_b", _("If the classroom server is down")
