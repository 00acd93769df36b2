"""DataCite record of a release, in the JSON form of metadata kernel 4, without a DOI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from g60kg.export.release.dataset_description import (
    DESCRIPTIONS,
    KEYWORDS,
    LICENCE,
    PUBLISHER,
    TITLES,
    Distribution,
)
from g60kg.namespaces import BASE
from g60kg.package_data import __version__

_HOME: Final = BASE.rstrip("/")


def datacite_record(date: str, triples: int, files: Sequence[Distribution]) -> dict[str, Any]:
    """Return the record; who registers the release adds its DOI."""
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Knowledge graph"},
        "creators": [{"name": PUBLISHER, "nameType": "Organizational"}],
        "titles": [{"title": text, "lang": language} for language, text in TITLES.items()],
        "publisher": {"name": PUBLISHER, "lang": "en"},
        "publicationYear": date[:4],
        "dates": [{"date": date, "dateType": "Issued"}],
        "version": __version__,
        "language": "en",
        "subjects": [{"subject": word, "lang": language} for language, word in KEYWORDS],
        "descriptions": [
            {"description": text, "descriptionType": "Abstract", "lang": language}
            for language, text in DESCRIPTIONS.items()
        ],
        "rightsList": [
            {
                "rights": "Creative Commons Attribution 4.0 International",
                "rightsUri": LICENCE,
                "rightsIdentifier": "CC-BY-4.0",
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
                "lang": "en",
            }
        ],
        "sizes": [f"{triples} triples", f"{sum(file.size or 0 for file in files)} bytes"],
        "formats": sorted({file.media_type for file in files}),
        "alternateIdentifiers": [{"alternateIdentifier": _HOME, "alternateIdentifierType": "URL"}],
        "url": _HOME,
    }
