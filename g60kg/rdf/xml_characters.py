"""What XML 1.0 can hold: not every character of a literal, and not every IRI as a name."""

from __future__ import annotations

import re
from typing import Final

#: Characters that XML has no way to write, not even as a character reference (section 2.2).
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

#: Characters that a name may begin with (section 2.3), as far as every reader knows them.
_STARTS: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
    "\u3001-\ud7ff\uf900-\ufdcf"
)
_ENDS_IN_NAME: Final = re.compile(f"[{_STARTS}][{_STARTS}0-9.-]*$")


def ends_in_name(iri: str) -> bool:
    """Whether an IRI is a namespace with a name after it, as an XML element's name needs.

    >>> ends_in_name("https://example.org/p1"), ends_in_name("https://example.org/1/")
    (True, False)
    """
    return bool(_ENDS_IN_NAME.search(iri))
