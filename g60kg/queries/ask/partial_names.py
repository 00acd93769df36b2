"""Entities in a question that are named by a part of their name, or by a part and their class."""

import re
from dataclasses import replace
from typing import Final

from g60kg.model.names import is_chinese
from g60kg.namespaces import local_name
from g60kg.queries.ask.lexicon import Lexicon, Meaning, NameKind
from g60kg.queries.ask.question_names import Mention, mention_of
from g60kg.queries.ask.question_tokens import Token, Tokens, keys, singular
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.ask.unknown_tokens import uncovered_runs

_WORD: Final = re.compile(r"\w+")
#: The least number of letters of a short form, and of characters with a wrong one.
_SHORT_FORM: Final = 4
_TWO: Final = 2
#: The classes whose names contain those of other places.
_CONTAIN_PLACES: Final = frozenset(("Region", "TransportLine", "TransportNode"))
#: The longest part of a Chinese name to look up: each is compared with all names.
_LONGEST_PART: Final = 16
#: What is behind a class in Chinese if its instances are asked for, and before it.
_LISTED: Final = re.compile(r"(?:都|分别|主要)?(?:有(?:哪|几|多少[家个项])|名[单录]|列表|\W*$)")
_LISTING: Final = tuple("些几哪个家项各")


def longer_names(
    lexicon: Lexicon, text: str, listed: Tokens, mentions: list[Mention]
) -> list[Mention]:
    """Return the mentions, sorted, with parts of a longer name replaced by that name."""
    mentions = _combined(lexicon, listed, _extended(lexicon, listed, mentions))
    for mention in mentions:
        if longer := _of_class(lexicon, text, listed, mentions, mention):
            rest = [one for one in mentions if one.end <= longer.start or longer.end <= one.start]
            return longer_names(
                lexicon, text, listed, sorted((longer, *rest), key=lambda one: one.start)
            )
    return mentions


def _of_class(
    lexicon: Lexicon, text: str, listed: Tokens, mentions: list[Mention], named: Mention
) -> Mention | None:
    """Return the mention of an entity whose name contains ``named`` and whose class follows it.

    "The Sunwoda battery project in Yiwu" is a project with the company in its name, not a project
    of the company. None without exactly one such entity, and if all instances are meant.
    """
    kind = next(
        (
            one
            for one in mentions
            if one.start >= named.end and one.of(NameKind.CLASS) == one.meanings
        ),
        None,
    )
    if kind is None or named.of(NameKind.CLASS) or not _is_one(text, listed, kind):
        return None
    wanted = {local_name(one.iri.value) for one in kind.meanings}
    # The Wuhu Declaration is named for a city, where there are many projects.
    places = set() if kind.start == named.end and kind.written.istitle() else {"SpatialThing"}
    if any((places | wanted) & one.classes for one in named.meanings) or (
        any("Concept" in one.classes for one in named.meanings) and "Enterprise" in wanted
    ):
        return None
    words = {token.key for token in listed[named.end : kind.start]}
    own = [tuple(token.key for token in listed[named.start : named.end])]
    # The "robotics alliance" is that of the robot industry.
    own += [key for one in named.meanings for key in lexicon.keys_of(one.iri)]
    for key in own:
        found = lexicon.instances_with({*words, *key} - question_vocabulary().fillers, wanted)
        if len(found) == 1:
            break
    else:
        return None
    parts = _name_parts(lexicon, found)
    end = kind.end
    while end < len(listed) and listed[end].key in parts:
        end += 1
    return mention_of(listed, named.start, end, found, exact=False)


def _is_one(text: str, listed: Tokens, kind: Mention) -> bool:
    last = listed[kind.end - 1]
    if last.chinese:
        before = text[: listed[kind.start].start]
        return not _LISTED.match(text[last.end :]) and not before.endswith(_LISTING)
    return not _is_plural(last)


def _is_plural(token: Token) -> bool:
    written = token.written.casefold()
    return singular(written) != written


def _name_parts(lexicon: Lexicon, meanings: tuple[Meaning, ...]) -> set[str]:
    return {
        part
        for one in meanings
        for name in lexicon.names_of(one.iri)
        for part in question_vocabulary().compared(name)
    }


def completed(lexicon: Lexicon, listed: Tokens, taken: set[int], one: Mention) -> Mention:
    """Return a mention of a concept as the concept whose name also has other words of the question.

    "Which demonstration bases are excellent?" asks for excellent demonstration bases. The numbers
    of these tokens are added to ``taken``. Without one, and for a short form or a Chinese name,
    the mention is unchanged.
    """
    if (
        not one.exact
        or not one.written.isascii()
        or not all("Concept" in meaning.classes for meaning in one.meanings)
    ):
        return one
    own = {token.key for token in listed[one.start : one.end]}
    free = {t.key: at for at, t in enumerate(listed) if at not in taken}
    free = {key: at for key, at in free.items() if key not in question_vocabulary().fillers}
    found = lexicon.concepts_of(own, free.keys())
    if not found:
        return one
    parts = _name_parts(lexicon, found)
    taken.update(at for key, at in free.items() if key in parts)
    return replace(one, meanings=found)


def short_forms(
    lexicon: Lexicon, text: str, listed: Tokens, taken: set[int], corrected: frozenset[int]
) -> list[Mention]:
    """Return mentions by a part of a name, or by a name with one wrong Chinese character.

    The numbers of their tokens are added to ``taken``. Words in ``corrected`` are left out.
    """
    words = question_vocabulary()
    found: list[Mention] = []
    for at, token in enumerate(listed):
        named = at > 0 and token.written.istitle()  # the G60 Eye
        if at in taken or token.chinese or len(token.key) < _SHORT_FORM - named:
            continue
        if token.key in words.known or token.key in lexicon.vocabulary or at in corrected:
            continue
        if token.key in words.elsewhere or (
            token.written.islower() and words.is_ordinary(token.key)
        ):
            continue
        meanings = lexicon.short_form(token.key)
        if not meanings:
            continue
        found.append(mention_of(listed, at, at + 1, meanings, exact=False))
        taken.add(at)
    for start, end in uncovered_runs(lexicon, text, listed, taken):
        # The name can begin with a character that is a word without meaning: 年鉴.
        begins = start and start - 1 not in taken and listed[start - 1].key in words.single
        for first in range(start - bool(begins), end):
            if first in taken or _ends_place(listed, taken, first):
                continue
            # A name can go on with characters that are a word elsewhere.
            longest = next(
                (
                    at
                    for at in range(first, len(listed))
                    if at in taken
                    or not listed[at].chinese
                    or (at > first and listed[at].start != listed[at - 1].end)
                ),
                len(listed),
            )
            for last in range(min(longest, first + _LONGEST_PART), first + 1, -1):
                part = "".join(token.key for token in listed[first:last])
                # Two characters behind an unknown one are rather a part of another name.
                if part in words.elsewhere or (first > start and len(part) == _TWO):
                    break
                # Who has another given name is another person.
                meanings = tuple(
                    one for one in lexicon.chinese_short_form(part) if "Person" not in one.classes
                )
                if (
                    not meanings
                    and last - first >= _SHORT_FORM
                    and not words.has_place_elsewhere(part)
                ):
                    meanings = lexicon.one_character_off(part)
                if meanings:
                    found.append(mention_of(listed, first, last, meanings, exact=False))
                    taken.update(range(first, last))
                    break
    return found


def _ends_place(listed: Tokens, taken: set[int], at: int) -> bool:
    free = at > 0 and at - 1 not in taken
    return free and listed[at - 1].key + listed[at].key in question_vocabulary().elsewhere


def _extended(lexicon: Lexicon, listed: Tokens, mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, those by a part of a name extended by adjacent words of the name."""
    for mention in [one for one in mentions if not one.exact]:
        parts = _name_parts(lexicon, mention.meanings)
        fixed = {
            at
            for other in mentions
            if other is not mention
            and (other.of(NameKind.ENTITY) or other.of(NameKind.MEASURE) or not other.exact)
            for at in range(other.start, other.end)
        }
        start, end = mention.start, mention.end
        while start and start - 1 not in fixed and listed[start - 1].key in parts:
            start -= 1
        while end < len(listed) and end not in fixed and listed[end].key in parts:
            end += 1
        longer = mention_of(listed, start, end, mention.meanings, exact=False)
        mentions = [
            longer if one is mention else one
            for one in mentions
            if one is mention or one.end <= start or one.start >= end
        ]
    return mentions


def _combined(lexicon: Lexicon, listed: Tokens, mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with those joined that together are a name with some words left out.

    "Airbus R&D center" is Airbus China R&D Center, not Airbus and a number of R&D centers.
    """
    for start in range(len(listed)):
        for end in range(min(len(listed), start + _LONGEST_PART), start + _TWO, -1):
            span = listed[start:end]
            inside = [one for one in mentions if start <= one.start and one.end <= end]
            across = [one for one in mentions if one.start < end and one.end > start]
            if (
                len(across) > len(inside)
                # "Industrial parks in Wuhu" are not the one that has these words in its name.
                or any(one.end <= end and _is_many(listed, one) for one in inside)
                or (span[0].chinese and not any(one.start == start for one in mentions))
                or any((one.start, one.end) == (start, end) for one in inside)
            ):
                continue
            if meanings := _named_by(lexicon, listed, start, end, inside):
                joined = mention_of(listed, start, end, meanings, exact=False)
                rest = [joined, *(one for one in mentions if one not in inside)]
                return _combined(lexicon, listed, sorted(rest, key=lambda one: one.start))
    return mentions


def _named_by(
    lexicon: Lexicon, listed: Tokens, start: int, end: int, inside: list[Mention]
) -> tuple[Meaning, ...]:
    """Return the entities with the tokens from ``start`` to ``end`` (exclusive) in a name.

    A concept among the mentions ``inside`` can have another of its names there: the "AI computing
    center" has "artificial intelligence" in its name.
    """
    words = [token.key for token in listed[start:end]]
    found = lexicon.name_with(words)
    if not found and listed[start].chinese and not all(one.exact for one in inside):
        # A part of a name goes on with the name of something else: 嘉善科技园.
        found = lexicon.chinese_short_form("".join(words))
    others = (
        [*words[: one.start - start], *key, *words[one.end - start :]]
        for one in inside
        for meaning in one.of(NameKind.ENTITY)
        if one.exact and "Concept" in meaning.classes
        for key in sorted(lexicon.keys_of(meaning.iri))
    )
    return found or next(filter(None, map(lexicon.name_with, others)), ())


def _is_many(listed: Tokens, mention: Mention) -> bool:
    """Return whether a full name of a class or a concept is in the plural."""
    last = listed[mention.end - 1]
    concept = any(
        one.kind is NameKind.CLASS or "Concept" in one.classes for one in mention.meanings
    )
    return concept and mention.exact and _is_plural(last)


def is_doubtful(lexicon: Lexicon, mention: Mention) -> bool:
    """Return whether a mention is a short form that probably is a common word or another place."""
    return not mention.exact and (_is_common_word(lexicon, mention) or _is_other_place(mention))


def _is_common_word(lexicon: Lexicon, mention: Mention) -> bool:
    """Return whether a short form is one word that some name has in lower case: "back"."""
    return (
        len({*keys(mention.written)} - question_vocabulary().fillers) == 1
        and mention.written.isascii()
        and mention.written.islower()
        and all(
            one.kind is NameKind.ENTITY and "Concept" not in one.classes for one in mention.meanings
        )
        and not {*_WORD.findall(mention.written)}.isdisjoint(lexicon.lower_case)
    )


def _is_other_place(mention: Mention) -> bool:
    """Return whether one word (two Chinese characters) only means regions, lines or nodes."""
    return mention.end - mention.start <= (2 if is_chinese(mention.written) else 1) and not any(
        one.classes.isdisjoint(_CONTAIN_PLACES) for one in mention.meanings
    )
