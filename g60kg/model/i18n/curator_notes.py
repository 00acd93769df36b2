"""Chinese texts of the notes of curators in the graph, from the gettext catalogue notes.po."""

from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.i18n.message_catalog import texts

CATALOGUE: Final = "model/i18n/notes.po"


def note_in(
    language: str, note: NamedNode | BlankNode | Literal
) -> NamedNode | BlankNode | Literal:
    """Return a note in a language; a note without an entry, such as a user's, as it is.

    >>> note_in("zh", Literal("In consecutive years.", language="en"))
    <Literal value=连续多年。 language=zh>
    >>> note_in("zh", Literal("Seen by a user.", language="en"))
    <Literal value=Seen by a user. language=en>
    """
    if language != "zh" or not isinstance(note, Literal) or note.language != "en":
        return note
    chinese = texts(CATALOGUE).get(note.value)
    return note if chinese is None else Literal(chinese, language=language)
