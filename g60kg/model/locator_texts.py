"""Locators of passages and names of publishers, which curators write in English, in Chinese."""

import re
from typing import Final

#: A part of a locator and its Chinese text; together they match the complete part.
_PARTS: Final = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"paragraph (\d+)", r"第\1段"),
        (r"paragraph (\d+) \(heading\)", r"第\1段（小标题）"),
        (r"sentence (\d+)", r"第\1句"),
        (r"sentences (\d+)(?: and |[-–])(\d+)", r"第\1、\2句"),
        (r"section (\d+)", r"第\1节"),
        (r"item (\d+)", r"第\1项"),
        (r"items (\d+) and (\d+)", r"第\1、\2项"),
        (r"list after paragraph (\d+)", r"第\1段后的列表"),
        (r"table (\d+)", r"表\1"),
        (r"row (\d+)", r"第\1行"),
        (r"heading (\d+)", r"第\1个小标题"),
        (r"caption (\d+)", r"第\1条图注"),
        (r"caption of picture (\d+)", r"图\1图注"),
        (r"caption of the picture after paragraph (\d+)", r"第\1段后图片的图注"),
        (r"picture caption|caption of (?:a|the) picture", "图注"),
        (r"date ?line", "日期行"),
        (r"source line", "来源行"),
        (r"title|headline", "标题"),
        (r"heading", "小标题"),
        (r"standfirst", "导语"),
        (r"left column", "左栏"),
        (r"right column", "右栏"),
    )
)


def locator_text(text: str, language: str) -> str:
    """Return a locator in a language; the same text if the form of any part is unknown.

    >>> locator_text("paragraph 1, sentence 2; date line", "zh")
    '第1段第2句；日期行'
    >>> locator_text("paragraph 1, below the map", "zh")
    'paragraph 1, below the map'
    """
    if language != "zh":
        return text
    places = [[*map(_chinese, place.split(", "))] for place in text.split("; ")]
    if not all(part for parts in places for part in parts):
        return text
    return "；".join(map("".join, places))


def _chinese(part: str) -> str:
    """Return a part of a locator in Chinese; empty if its form is not known."""
    found = ((pattern.fullmatch(part), chinese) for pattern, chinese in _PARTS)
    return next((match.expand(chinese) for match, chinese in found if match), "")


def publisher_text(name: str, language: str) -> str:
    """Return the name of a publisher; in Chinese, "(from …)" in it is translated.

    >>> publisher_text("上海热线 (from 新华每日电讯)", "zh")
    '上海热线（来源：新华每日电讯）'
    """
    return re.sub(r" \(from ([^()]+)\)", r"（来源：\1）", name) if language == "zh" else name
