"""Temporary files: an error names the temporary folder, not the file that the user asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from g60kg.errors import OutputFailure


@contextmanager
def in_temporary_folder() -> Iterator[None]:
    """Runs a block that writes only to the temporary folder.

    Raises:
        OutputFailure: the block failed to: the folder is missing, not writable or full.
    """
    try:
        yield
    except OSError as error:
        # Where no folder can be used, asking for its name fails too.
        folder = tempfile.tempdir or "(none found)"
        raise OutputFailure(
            f"Temporary folder {folder}: {error.strerror or error}.",
            hint="Set the variable TMPDIR to a writable folder with more free space.",
        ) from None
