"""Charts and wide tables in a browser: accessibility, width, colours and print."""

from __future__ import annotations

import base64
import struct
from typing import Final

import httpx
import pytest
from playwright.sync_api import FloatRect

from tests.web.browser.browsing import DESKTOP, PHONE
from tests.web.browser.conftest import OpenTab
from tests.web.browser.test_print import CUT_OFF, printed

pytestmark = pytest.mark.long

TREND: Final = "/queries/trend?subject=Songjiang&measure=number+of+enterprises"
COMPARE: Final = "/queries/compare?measure=number+of+enterprises"
#: The texts of charts that are outside their drawing or smaller than 11 pixels.
UNREADABLE: Final = """() => [...document.querySelectorAll(".chart text")].filter((text) => {
  const [own, all] = [text, text.closest("figure")].map((one) => one.getBoundingClientRect());
  const scale = text.closest("svg").getScreenCTM().a;
  const size = parseFloat(getComputedStyle(text).fontSize) * scale;
  return own.left < all.left || own.right > all.right || size < 11;
}).map((text) => text.textContent)"""

#: The first pixel of a PNG, and the numbers of its dark pixels and of those in colour.
PIXELS: Final = """async (content) => {
  const image = new Image();
  image.src = "data:image/png;base64," + content;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const all = context.getImageData(0, 0, image.width, image.height).data;
  let [dark, coloured] = [0, 0];
  for (let at = 0; at < all.length; at += 4) {
    const [red, green, blue] = all.slice(at, at + 3);
    dark += Math.max(red, green, blue) < 100;
    coloured += Math.max(red, green, blue) - Math.min(red, green, blue) > 50;
  }
  return [[...all.slice(0, 4)], dark, coloured];
}"""


@pytest.mark.parametrize(
    ("path", "language", "scheme", "size"),
    [
        (TREND, "en", "light", PHONE),
        pytest.param(COMPARE, "zh", "dark", DESKTOP, marks=pytest.mark.long),
    ],
)
def test_charts_are_accessible_and_readable(
    path: str,
    language: str,
    scheme: str,
    size: tuple[int, int],
    open_tab: OpenTab,
    complete_server: str,
) -> None:
    tab = open_tab(size, at=complete_server, color_scheme=scheme)
    tab.open(path, lang=language)
    assert tab.page.locator("svg.chart").first.is_visible()
    assert (tab.violations(), tab.overflow()) == ([], 0)
    assert tab.page.evaluate(UNREADABLE) == []


def test_a_chart_is_saved_as_a_png_with_twice_the_pixels(
    open_tab: OpenTab, complete_server: str
) -> None:
    tab = open_tab(at=complete_server, color_scheme="dark")
    tab.open(TREND)
    with tab.page.expect_download() as started:
        tab.page.get_by_role("button", name="Chart as PNG").click()
    assert started.value.suggested_filename == "trend.png"
    content = started.value.path().read_bytes()
    drawing = httpx.get(f"{complete_server}/queries/trend.svg{TREND[TREND.index('?') :]}").text
    size = [float(drawing.split(f' {name}="')[1].split('"')[0]) for name in ("width", "height")]
    assert content.startswith(b"\x89PNG")
    assert list(struct.unpack(">II", content[16:24])) == [2 * round(one) for one in size]
    corner, dark, accent = tab.page.evaluate(PIXELS, base64.b64encode(content).decode())
    assert corner == [255, 255, 255, 255]
    assert dark > 1000  # letters
    assert accent > 100  # marks


def test_charts_are_printed_in_black_and_fit(open_tab: OpenTab, complete_server: str) -> None:
    tab = open_tab(at=complete_server)
    tab.open(TREND, theme="dark")
    printed(tab)
    assert tab.page.evaluate(CUT_OFF) == []
    circle = tab.page.locator("svg.chart circle").first
    assert circle.evaluate("one => getComputedStyle(one).stroke") == "rgb(0, 0, 0)"


def test_a_table_that_scrolls_has_a_shadow_at_the_hidden_side(
    open_tab: OpenTab, complete_server: str
) -> None:
    tab = open_tab(DESKTOP, at=complete_server)
    tab.open("/queries/quantities")
    frame = tab.page.locator(".scroll").first
    assert frame.evaluate("one => one.scrollWidth > one.clientWidth + 40")
    box = frame.bounding_box()
    assert box is not None
    # Below the last row's text, at the right edge.
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    edge: FloatRect = {"x": right - 8, "y": bottom - 8, "width": 5, "height": 4}
    before = tab.page.screenshot(full_page=True, clip=edge)
    frame.evaluate("one => { one.scrollLeft = one.scrollWidth }")
    assert tab.page.screenshot(full_page=True, clip=edge) != before
