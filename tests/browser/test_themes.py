"""The card among the platform's own style sheets, which stand before it in the page."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# What the LMS says about links and paragraphs, as specific as there. getComputedStyle tells nobody what was visited,
# so :link stands for :visited here.
LMS = """
p + p { margin-top: 20px; }
.demo-main .demo-unit p { margin-bottom: 1.41575em; }
p a, p a:link { color: #0075b4; font: inherit; text-decoration: none; }
p a:hover, p a:link:hover, p a:link:focus { color: #065683; text-decoration: underline; }
a:hover, a:focus { color: #b72667; text-decoration: none !important; }
"""
# Studio makes a rem 10 px, and takes from all elements what browsers give them.
STUDIO = """
html, body, div, span, h3, p, a, strong, dl, dt, dd, ul, li, section, details, summary {
  margin: 0; padding: 0; border: 0; outline: 0; font: inherit; font-size: 100%; vertical-align: baseline;
}
ol, ul { list-style: none; }
html { font-size: 62.5%; }
html body { font-size: 1.6rem; line-height: 1.6; }
"""
# Give the contrast of two colours as WCAG 2 has it; either may let shine through what is behind.
CONTRAST = """
(join, [behind, first, second]) => {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const light = (color) => {
    for (const layer of [behind, color]) {
      pen.fillStyle = layer;
      pen.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, bright] = [light(first), light(second)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}
"""
GROUNDS = {"light": "#ffffff", "dark": "#14191f"}


def put_before(page: Page, styles: str) -> None:
    """Put a style sheet before all others of the page."""
    page.evaluate(
        """styles => {
          document.head.prepend(Object.assign(document.createElement("style"), { textContent: styles }));
        }""",
        styles,
    )


def style(page: Page, part: str, name: str) -> str:
    found = page.locator(part).first.evaluate("(part, name) => getComputedStyle(part)[name]", name)
    return str(found)


def contrast(page: Page, behind: str, first: str, second: str) -> float:
    return float(page.locator("a.bbb-join").evaluate(CONTRAST, [behind, first, second]))


@pytest.fixture
def ada_sees(visitor):
    """Ada's page of a room, among the styles of a platform."""

    def look(styles: str = "", room: str = "open", view: str = "", **options: object) -> Page:
        person = visitor("Thea" if view else "Ada", **options)
        person.visit(room, view)
        put_before(person.page, styles)
        return person.page

    return look


@pytest.mark.parametrize("what", ["rest", "hover", "focus"])
def test_the_button_stays_readable_among_the_links_of_the_lms(ada_sees, what):
    page = ada_sees(LMS)
    join = page.locator("a.bbb-join")
    {"rest": lambda: None, "hover": join.hover, "focus": join.focus}[what]()
    ground = style(page, "a.bbb-join", "backgroundColor")
    assert contrast(page, ground, style(page, ".bbb-join-label", "color"), ground) >= 4.5


def test_the_button_shows_without_an_underline_that_the_mouse_is_on_it(ada_sees):
    page = ada_sees(LMS)
    join = page.locator("a.bbb-join")
    before = join.screenshot()
    join.hover()
    assert join.screenshot() != before
    assert style(page, "a.bbb-join", "textDecorationLine") == "none"


def test_a_switched_off_button_does_not_answer_the_mouse(ada_sees):
    page = ada_sees(LMS, room="waiting")
    join = page.locator("a.bbb-join")
    before = join.screenshot()
    join.hover()
    assert join.screenshot() == before


def test_the_margins_of_the_lms_do_not_tear_the_card_apart(ada_sees):
    page = ada_sees(LMS)
    margins = page.locator(".bbb-room p").evaluate_all(
        "all => all.map(one => getComputedStyle(one)).map(style => [style.marginTop, style.marginBottom])"
    )
    assert len(margins) >= 3
    assert margins == [["0px", "8px"]] * len(margins)


def test_the_card_is_as_large_in_studio_as_the_text_around_it(ada_sees):
    page = ada_sees(STUDIO)
    sizes = {part: style(page, part, "fontSize") for part in (".bbb-sentence", ".bbb-label", "a.bbb-join", "summary")}
    assert set(sizes.values()) == {"16px"}, sizes
    assert style(page, ".bbb-title", "fontSize") == "22px"
    assert style(page, ".bbb-xblock", "paddingTop") == "20px"
    assert style(page, ".bbb-label", "fontWeight") == "700"
    for part in ("a.bbb-join", "summary"):
        assert page.locator(part).bounding_box()["height"] >= 44


def test_the_authors_card_is_as_large_in_studio_as_the_text_around_it(ada_sees):
    page = ada_sees(STUDIO, view="preview")
    assert style(page, ".bbb-sentence", "fontSize") == "16px"
    assert style(page, ".bbb-xblock dt", "fontSize") == "16px"
    assert style(page, ".bbb-label", "fontWeight") == "700"
    assert style(page, ".bbb-xblock", "paddingTop") == "20px"


@pytest.mark.parametrize("room", ["open", "waiting"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_and_its_focus_can_be_seen_on_light_and_dark_pages(ada_sees, scheme, room):
    page = ada_sees(color_scheme=scheme, room=room)
    ground = GROUNDS[scheme]
    assert contrast(page, ground, style(page, "a.bbb-join", "borderTopColor"), ground) >= 3
    page.locator("a.bbb-join").focus()
    # The ring is the last of the shadows, and a colour stands before its lengths.
    ring = "rgb" + style(page, "a.bbb-join", "boxShadow").rpartition("rgb")[2].partition(")")[0] + ")"
    outline = style(page, "a.bbb-join", "outlineColor")
    assert max(contrast(page, ground, color, ground) for color in (ring, outline)) >= 3
    assert contrast(page, ground, ring, outline) >= 3


def test_a_theme_chooses_both_colours_of_the_button(ada_sees):
    page = ada_sees(":root { --bbb-accent: rgb(255, 204, 0); --bbb-on-accent: rgb(1, 2, 3); }")
    assert style(page, "a.bbb-join", "backgroundColor") == "rgb(255, 204, 0)"
    assert style(page, ".bbb-join-label", "color") == "rgb(1, 2, 3)"


def test_a_switched_off_button_is_grey_where_the_reader_chose_the_colours(ada_sees):
    on = ada_sees(forced_colors="active")
    off = ada_sees(forced_colors="active", room="waiting")
    assert style(off, ".bbb-join-label", "color") != style(on, ".bbb-join-label", "color")
    assert style(off, "a.bbb-join", "borderTopColor") == style(off, ".bbb-join-label", "color")
