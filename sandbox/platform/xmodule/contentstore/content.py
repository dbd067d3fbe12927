"""A stand-in of the demo for the platform's module of the same name, not the platform's own."""

from opaque_keys.edx.keys import AssetKey, CourseKey
from opaque_keys.edx.locator import AssetLocator


class StaticContent:
    """The keys of course files."""

    @staticmethod
    def compute_location(course_key: CourseKey, path: str) -> AssetKey:
        """Make the key of the file with this name; signs that keys cannot have become underscores."""
        return course_key.make_asset_key("asset", AssetLocator.clean_keeping_underscores(path.replace("/", "_")))
