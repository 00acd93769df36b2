"""Limits of files, queries and replies of endpoints, checked before a native parser reads them."""

from typing import Final

#: Brackets, or elements, inside each other. Files and queries of people and tools need a tenth.
MAX_DEPTH: Final = 200

#: Characters of a query.
MAX_QUERY: Final = 200_000
#: Operators, patterns, assignments and items in a row nest as brackets do, in the parser or in the
#: planner of queries: 10,000 patterns end the process.
MAX_OPERATORS: Final = 2_000

#: Seconds of a time limit (eleven days), near the maximum of the system's timers.
MAX_SECONDS: Final = 1_000_000

#: Bytes of a file that is validated; bulk loading has no such limit.
MAX_INPUT_BYTES: Final = 256 * 1024 * 1024
#: Statements of a file that is validated; if all of them are wrong, it takes two minutes.
MAX_STATEMENTS: Final = 100_000
#: Bytes that are read, and checked, at a time.
PIECE: Final = 1024 * 1024
#: Bytes of a line of Turtle, or of one literal in a line: this much is held in memory.
MAX_LINE: Final = 256 * PIECE
#: Bytes of a literal that continues over pieces: this much is held in memory.
MAX_LITERAL: Final = 64 * 1024 * 1024

#: Characters of an IRI, prefix or namespace: the parser repeats it in each term that uses it.
MAX_IRI: Final = 8_000
#: Attributes of an XML element: the parser compares each with all others.
MAX_ATTRIBUTES: Final = 1_000
#: Variables of a query result: the parser compares each with all others.
MAX_VARIABLES: Final = 1_000
#: Characters of an XML entity. They abbreviate IRIs.
MAX_ENTITY: Final = 1_000
#: Characters, beyond its own size, to which the text and attributes of XML may expand.
MAX_UNFOLDED: Final = 16 * 1024 * 1024
#: Characters, beyond its own size, to which the terms of a text may expand.
MAX_TERMS: Final = 32 * 1024 * 1024
#: Characters of terms for each byte of a text without a size limit; prefixed names are up to 20
#: times shorter.
EXPANSION: Final = 20
