"""Where a block is shown. The platform gives each place other services, other roles and other addresses."""

from enum import StrEnum


class Place(StrEnum):
    """The course page, the preview on Studio's unit page, and Studio's editor."""

    LMS = "lms"
    PREVIEW = "preview"
    STUDIO = "studio"

    @property
    def handler_base(self) -> str:
        """Give what the handler addresses of the place begin with."""
        return {Place.LMS: "/handler/", Place.PREVIEW: "/preview/handler/", Place.STUDIO: "/studio/handler/"}[self]

    @property
    def missing_services(self) -> tuple[str, ...]:
        """Name the demo's services which a running platform was seen not to offer in the place."""
        return ("studio_user_permissions",) if self is Place.LMS else ("enrollments",)
