"""Languages for tests."""

import gettext

PLAIN = gettext.NullTranslations()


class Shouting:
    """A language in which everything is upper case, so that untranslated words stand out."""

    def gettext(self, message: str) -> str:
        return message.upper()

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return (singular if n == 1 else plural).upper().replace("{COUNT}", "{count}")
