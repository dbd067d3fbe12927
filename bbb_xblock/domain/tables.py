"""What happens when the database cannot be asked: a refusal with a sentence, and not a crash."""

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import Error as DatabaseTrouble

from bbb_xblock.domain.errors import Code, Refusal

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


def needs_tables(use_case: Callable[P, T]) -> Callable[P, T]:
    """Turn any trouble with the database into :class:`Refusal` (``out_of_order``).

    The trouble's own text may repeat what was to be written, names among it; only its type is logged.
    """

    @functools.wraps(use_case)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return use_case(*args, **kwargs)
        except DatabaseTrouble as trouble:
            log.error(
                "%s: the tables of bbb_xblock cannot be used (%s); have its migrations been run?",
                use_case.__name__,
                type(trouble).__name__,
            )
        raise Refusal(Code.OUT_OF_ORDER)

    return guarded
