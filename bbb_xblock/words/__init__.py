"""What the pages say: one plain sentence for every state and every refusal, translated.

Sentences say what is so and then what to do. The script file has no words; it shows what comes from here.
"""

from bbb_xblock.words.attendance import attendance_rule
from bbb_xblock.words.refusals import PageWords, left, refusal
from bbb_xblock.words.rooms import StatusWords, lost, status, to_come

__all__ = ["PageWords", "StatusWords", "attendance_rule", "left", "lost", "refusal", "status", "to_come"]
