"""The analytic monthly in a real browser: skipped where there's no Chromium (Debian's package chromium)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.render import render_html
from tests.render.chromium import CHROMIUM, Tab, tab
from transforms.writing.bulletin import Bulletin

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no browser: install Debian's package chromium")

ROWS = "[...document.querySelectorAll('table.indicators tbody tr')].filter((row) => row.offsetParent)"
TOOLS = "document.querySelector(\"form[aria-label='筛选和排序主要指标']\")"


@pytest.fixture(scope="module")
def opened(bulletin: Bulletin, fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tab, Path]]:
    home = tmp_path_factory.mktemp("monthly")
    file = home / "page.html"
    file.write_text(render_html(bulletin, "yuebao"), encoding="utf-8")
    with tab(home, fonts) as browser:
        yield browser, file


def test_a_status_is_picked_in_every_section_and_empty_ones_go(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 1200)
    said = browser.run(f"""
        const status = {TOOLS}.querySelector("select");
        const options = [...status.options].slice(1).map((option) => option.value);
        status.value = options[0];
        status.dispatchEvent(new Event("input", {{ bubbles: true }}));
        const of_status = {ROWS}.map((row) => row.querySelector(".status").textContent);
        const note = {TOOLS}.querySelector("[role=status]").textContent;
        const find = {TOOLS}.querySelector("input");
        status.value = "";
        find.value = "规模以上工业增加值增速01";
        find.dispatchEvent(new Event("input", {{ bubbles: true }}));
        const topics = [...document.querySelectorAll(".topic")].filter((one) => one.offsetParent).length;
        return {{ options, of_status, note, topics, found: {ROWS}.length }};
    """)
    # The order of the choices is that of the strip: from completed to not reported.
    assert [option[1:] for option in said["options"]] == [
        "已完成全年目标", "超序时", "达到序时", "未达到序时", "严重滞后", "未完成全年目标", "未到期", "未报",
    ]  # fmt: skip
    assert set(said["of_status"]) == {said["options"][0]}
    assert said["note"] == f"已筛选：显示52项中的{len(said['of_status'])}项"
    assert (said["topics"], said["found"]) == (1, 1)


def test_each_table_is_sorted_by_its_head_and_all_by_the_choice(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 1200)
    said = browser.run(f"""
        const tables = [...document.querySelectorAll("table.indicators")];
        const completions = (table) => [...table.querySelectorAll("tbody tr")]
          .map((row) => row.querySelector("td[data-label='完成率'] .figure").textContent);
        const before = tables.map(completions);
        tables[1].querySelector("th:nth-child(5) button").click();
        const one = tables.map(completions);
        const order = {TOOLS}.querySelectorAll("select")[2];
        order.value = "完成率:1";
        order.dispatchEvent(new Event("change", {{ bubbles: true }}));
        const all = tables.map(completions);
        {TOOLS}.reset();
        return {{ before, one, all }};
    """)

    # The reset sets the order back once the form's own fields are.
    after = browser.run("""
        return [...document.querySelectorAll("table.indicators")].map((table) =>
          [...table.querySelectorAll("tbody tr")]
            .map((row) => row.querySelector("td[data-label='完成率'] .figure").textContent));
    """)

    def numbers(texts: list[str]) -> list[float]:
        return [float(text.rstrip("%")) for text in texts if text != "—"]

    assert said["one"][0] == said["before"][0]
    assert numbers(said["one"][1]) == sorted(numbers(said["before"][1]), reverse=True)
    for texts in said["all"]:
        assert numbers(texts) == sorted(numbers(texts))
    assert after == said["before"]


def test_a_tap_on_a_figure_of_the_summary_tells_its_cell(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 390)
    said = browser.run("""
        const figure = document.querySelector(".headline .figure[title]");
        figure.click();
        return [document.querySelector(".card").hidden, document.querySelector(".card").textContent, figure.title];
    """)
    assert said[0] is False
    assert said[1] == said[2].replace("；", "")
    assert "《主要指标》D7" in said[1]


@pytest.mark.parametrize("width", [390, 1200])
def test_no_text_is_cut_and_nothing_sticks_out(opened: tuple[Tab, Path], width: int) -> None:
    browser, file = opened
    browser.open(file, width)
    said = browser.run("""
        const inline = (one) => getComputedStyle(one).display === "inline";
        const cut = [...document.querySelectorAll("td, th, p, h1, h2:not(.unseen), h3, dd, li")]
          .filter((one) => one.offsetParent && !inline(one) && one.scrollWidth > one.clientWidth + 1)
          .map((one) => one.textContent.trim().slice(0, 30));
        return { page: document.documentElement.scrollWidth, cut };
    """)
    assert said["page"] <= width
    assert said["cut"] == []


@pytest.mark.parametrize("width", [390, 1200])
def test_a_screen_reader_meets_landmarks_headings_tables_and_drawings(opened: tuple[Tab, Path], width: int) -> None:
    browser, file = opened
    browser.open(file, width)
    nodes = browser.do("Accessibility.getFullAXTree")["nodes"]
    said = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"] and "role" in node
    ]
    roles = [role for role, _ in said]
    assert roles.count("main") == 1
    assert ("navigation", "目录") in said
    headings = [name for role, name in said if role == "heading"]
    assert [name for name in headings if name.endswith("月报")]
    assert {"主要指标", "本期要点", "一、工业经济稳中求进", "七、全年进度一览"} <= set(headings)
    tables = [name for role, name in said if role == "table"]
    assert len(tables) >= 5 + 2 + 1 + 3
    assert all(tables)
    assert roles.count("rowheader") > 52 + 60
    drawings = [name for role, name in said if role in {"img", "image"}]
    assert len(drawings) > 6
    assert all(drawings)
    worked = [name for role, name in said if role in {"button", "combobox", "searchbox", "link"}]
    assert len(worked) > 20
    assert all(name.strip() for name in worked)


def test_without_javascript_the_page_is_the_whole_document(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    bare = file.with_name("bare.html")
    bare.write_text(re.sub(r"<script>.*?</script>", "", file.read_text("utf-8"), flags=re.DOTALL), "utf-8")
    browser.open(bare, 390)
    assert browser.run(f"return [{ROWS}.length, document.querySelectorAll('form').length];") == [52, 0]


@pytest.mark.parametrize("width", [390, 1200])
def test_words_in_drawings_are_never_tiny_and_what_scrolls_can_be_scrolled_by_keys(
    opened: tuple[Tab, Path], width: int
) -> None:
    browser, file = opened
    browser.open(file, width)
    said = browser.run("""
        const sizes = [...document.querySelectorAll("svg text")].filter((one) => one.getBoundingClientRect().width)
          .map((one) => Number(one.getAttribute("font-size")) * one.getScreenCTM().a);
        const stuck = [...document.querySelectorAll("main *")]
          .filter((one) => getComputedStyle(one).overflowX === "auto")
          .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.tabIndex < 0).map((one) => one.className);
        const drawn = (selector) => [...document.querySelectorAll(selector)]
          .filter((one) => one.getBoundingClientRect().width >= 50).length;
        return { count: sizes.length, least: Math.min(...sizes), stuck, sparks: drawn(".indicators .spark svg"),
          bars: drawn(".indicators .completion svg"), wide: drawn(".calendar svg"),
          narrow: drawn(".calendar-narrow svg") };
    """)
    assert said["count"] > 50
    assert said["least"] >= 9.95
    assert said["stuck"] == []
    assert min(said["sparks"], said["bars"]) > 5
    assert (said["wide"] > 0, said["narrow"]) == ((True, 0) if width > 700 else (False, 1))


def test_drawings_and_headlines_lead_to_the_row_that_tells_the_source(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 390)
    said = browser.run("""
        const leads = (one) => document.getElementById(one?.hash.slice(1))?.matches(".indicators tr");
        const figures = [...document.querySelectorAll(".figures figure, .headline li, .behind tbody tr")];
        return [figures.length, figures.filter((one) => !leads(one.querySelector("a.jump"))).length];
    """)
    assert said[0] > 10
    assert said[1] == 0
