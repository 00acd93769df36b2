"""What XML 1.0 can hold (section 2.2): not every character of a literal."""

from __future__ import annotations

import re
from typing import Final

#: The characters that XML has no way to write, not even as a character reference.
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
