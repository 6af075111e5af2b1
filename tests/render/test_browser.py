"""The page in a real browser: skipped where there's no Chromium (Debian's package chromium)."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from flows.render import render_html
from tests.render.chromium import CHROMIUM, Tab, tab
from transforms.writing.bulletin import AreaRow, AreaSection, Bulletin, Figure

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no browser: install Debian's package chromium")

Browse = Callable[..., Any]

PRELUDE = """
const one = (selector) => document.querySelector(selector);
const every = (selector) => [...document.querySelectorAll(selector)];
const pick = (select, value) => {
  select.value = value;
  for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
};
const text = (element) => element.textContent.replace(/\\s+/g, "");
const shown = () => every("table.indicators tbody tr:not(.section)").filter((row) => row.offsetParent !== null);
const serials = () => shown().map((row) => Number(text(row.cells[0])));
const tools = one("form.tools[aria-label='筛选和排序主要指标']");
"""


@pytest.fixture
def browse(html: str, fonts: Path, tmp_path: Path) -> Browse:
    """Open the page, run a script in it, and give what the script returns."""

    def browse(script: str, *, page: str = html, width: int = 1200) -> Any:
        probe = (
            "<script>window.addEventListener('load', () => { let said; "
            f"try {{ said = (() => {{ {PRELUDE}{script} }})(); }} catch (error) {{ said = `${{error}}`; }}"
            " const pre = document.createElement('pre'); pre.id = 'said';"
            " pre.textContent = JSON.stringify(said); document.body.append(pre); });</script>"
        )
        file = tmp_path / "page.html"
        file.write_text(page.replace("</body>", f"{probe}</body>"), encoding="utf-8")
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
        command += ["--disable-background-networking", "--disable-component-update", f"--window-size={width},900"]
        command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom"]
        environment = os.environ | {"FONTCONFIG_FILE": str(fonts / "fonts.conf"), "HOME": str(tmp_path)}
        made = subprocess.run(
            [*command, file.as_uri()], capture_output=True, text=True, timeout=120, env=environment, check=True
        )
        found = re.search(r'<pre id="said">(.*?)</pre>', made.stdout, re.DOTALL)
        assert found, made.stderr[-2000:]
        return json.loads(unescape(found[1]))

    return browse


def test_indicators_are_filtered_by_status_unit_and_words(browse: Browse) -> None:
    said = browse("""
        const [status, unit] = tools.querySelectorAll("select");
        const wanted = status.options[1].value;
        pick(status, wanted);
        const of_status = shown().map((row) => text(row.querySelector(".status")));
        const note = text(tools.querySelector("[role=status]"));
        pick(status, "");
        pick(unit, unit.options[1].value);
        const of_unit = shown().map((row) => text(row.querySelector(".leaders .value")).split("、"));
        pick(unit, "");
        const find = tools.querySelector("input");
        find.value = "酷豆丁";
        find.dispatchEvent(new Event("input"));
        const found = shown().map((row) => text(row.querySelector("th.name")));
        return { wanted, of_status, note, unit: unit.options[1].value, of_unit, found };
    """)
    assert set(said["of_status"]) == {said["wanted"]}
    assert said["note"] == f"已筛选：显示52项中的{len(said['of_status'])}项"
    assert said["of_unit"]
    assert all(said["unit"] in units for units in said["of_unit"])
    assert said["found"]
    assert all("酷豆丁" in name for name in said["found"])


def test_sorting_keeps_every_row_and_the_document_order_comes_back(browse: Browse) -> None:
    said = browse("""
        const before = serials();
        const button = every("table.indicators thead th")[6].querySelector("button");
        const completions = () => shown().map((row) => text(row.cells[6].querySelector(".figure")));
        button.click();
        const marks = every("th[aria-sort]").map((head) => head.getAttribute("aria-sort"));
        const down = [completions(), serials().length, marks];
        button.click();
        const up = completions();
        button.click();
        return { before, down, up, after: serials(), marked: every("th[aria-sort]").length };
    """)
    assert said["after"] == said["before"] == list(range(1, 53))
    assert said["marked"] == 0

    def numbers(texts: list[str]) -> list[float]:
        return [float(one.rstrip("%")) for one in texts if one != "—"]

    texts, count, marks = said["down"]
    assert (count, marks) == (52, ["descending"])
    assert numbers(texts) == sorted(numbers(texts), reverse=True)
    assert numbers(said["up"]) == sorted(numbers(said["up"]))
    # What has no figure stands last, whichever way.
    missing = texts.count("—")
    assert missing
    assert texts[-missing:] == said["up"][-missing:] == ["—"] * missing


def test_an_area_is_picked_in_every_table_and_list(browse: Browse) -> None:
    said = browse("""
        pick(one("#areas select"), "三十铺镇10");
        const rows = every("table.areas tbody tr").filter((row) => row.offsetParent !== null);
        const tables = every(".scroll.area").filter((box) => !box.hidden).length;
        const note = text(one("#areas [role=status]"));
        return { tables, note, rows: rows.map((row) => text(row.querySelector("th"))) };
    """)
    assert (said["rows"], said["tables"]) == (["三十铺镇10"], 1)
    assert said["note"].startswith("已筛选：只显示三十铺镇10")


def test_an_area_without_a_rank_is_found_too(bulletin: Bulletin, browse: Browse) -> None:
    section = AreaSection(
        "新增企业",
        "家",
        "1—6月累计",
        (
            AreaRow("1", "甲镇", Figure("3"), Figure("—"), "持平"),
            AreaRow("—", "己镇", Figure("0", ("台账.xlsx《表》B7",)), Figure("—"), "—"),
        ),
        False,
        "注：己镇为0家，不参与排名。",
    )
    said = browse(
        """
        const rows = () => every("table.areas tbody tr").filter((row) => row.offsetParent !== null);
        const before = rows().map((row) => text(row));
        pick(one("#areas select"), "己镇");
        const found = rows().map((row) => text(row));
        pick(one("#areas select"), "");
        return { before, found, after: rows().length, sources: text(one("#areas .provenance p")) };
        """,
        page=render_html(replace(bulletin, areas=(section,)), "tongbao"),
    )
    assert said == {
        "before": ["1甲镇3持平"],
        "found": ["—己镇0不参与排名"],
        "after": 1,
        "sources": "台账.xlsx《表》：己镇B7",
    }


def test_a_link_to_a_row_that_is_filtered_out_shows_it(browse: Browse) -> None:
    said = browse("""
        const jump = one(".behind a.jump");
        const row = document.getElementById(jump.hash.slice(1));
        const find = tools.querySelector("input");
        find.value = "没有这样的指标";
        find.dispatchEvent(new Event("input"));
        const before = row.hidden;
        jump.click();
        return [before, row.hidden, text(row.querySelector(".name")).startsWith(text(jump))];
    """)
    assert said == [True, False, True]


def test_a_tap_on_a_figure_tells_its_cell_and_another_closes_it(browse: Browse) -> None:
    said = browse("""
        const figure = one("table.indicators .figure[title]");
        figure.click();
        const opened = [one(".card").hidden, one(".card").innerText];
        document.body.click();
        return { opened, closed: one(".card").hidden, title: figure.title };
    """)
    assert said["opened"][0] is False
    assert said["opened"][1].replace("\n", "").replace("\xa0", " ") == said["title"].replace("；", "")
    assert said["closed"] is True


def test_without_javascript_the_page_is_the_whole_document(browse: Browse, html: str) -> None:
    bare = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    said = browse("return { rows: serials(), tools: every('form').length };", page=bare)
    assert said == {"rows": list(range(1, 53)), "tools": 0}


@pytest.mark.parametrize("width", [500, 1200])
def test_nothing_sticks_out_of_the_page(browse: Browse, width: int) -> None:
    said = browse("return [document.documentElement.scrollWidth, document.documentElement.clientWidth];", width=width)
    assert said[0] <= said[1]


# --- What a screen reader hears, what a phone shows, what a printer prints ----------------------

Heard = list[tuple[str, str]]


@pytest.fixture(scope="module")
def opened(html: str, fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tab, Path]]:
    """A browser, and the page's file."""
    home = tmp_path_factory.mktemp("browser")
    file = home / "page.html"
    file.write_text(html, encoding="utf-8")
    with tab(home, fonts) as browser:
        yield browser, file


def heard(browser: Tab) -> Heard:
    """Role and name of everything in the accessibility tree."""
    nodes = browser.do("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"] and "role" in node
    ]


@pytest.mark.parametrize("width", [390, 1200])
def test_a_screen_reader_meets_landmarks_headings_and_tables(opened: tuple[Tab, Path], width: int) -> None:
    browser, file = opened
    browser.open(file, width)
    said = heard(browser)
    roles = [role for role, _ in said]
    assert roles.count("main") == 1
    assert ("navigation", "目录") in said
    tables = [name for role, name in said if role == "table"]
    assert {"各状态指标项数", "2024年1—6月主要指标进展情况表", "2024年1—6月定性任务进展情况表"} <= set(tables)
    assert all(tables)
    assert roles.count("row") > 150
    assert roles.count("columnheader") > 12 + 4 + 5 + 5
    assert roles.count("rowheader") > 52 + 60
    headings = [name for role, name in said if role == "heading"]
    assert headings[0].endswith("的通报")
    assert "一、总体进展" in headings


@pytest.mark.parametrize("width", [390, 1200])
def test_whatever_can_be_worked_has_a_name(opened: tuple[Tab, Path], width: int) -> None:
    browser, file = opened
    browser.open(file, width)
    worked = [(role, name) for role, name in heard(browser) if role in {"button", "combobox", "searchbox", "link"}]
    assert len(worked) > 20
    assert [role for role, name in worked if not name.strip()] == []


def test_a_screen_reader_says_the_figure_and_not_the_cell_that_it_is_from(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 1200)
    figure = browser.run("return document.querySelector('table.areas .figure[title]').textContent;")
    said = heard(browser)
    assert ("StaticText", figure) in said
    # An abbr, of which it's said, has its title for a name.
    assert [name for role, name in said if role == "Abbr"] == []


def test_a_drawing_is_told_in_words(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 1200)
    drawings = [name for role, name in heard(browser) if role in {"img", "image"}]
    assert len(drawings) > 8
    assert all("项" in name or "完成率" in name for name in drawings)


def test_filtering_is_announced(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 390)
    said = browser.run(
        "const form = document.querySelector(\"form[aria-label='按责任单位筛选任务']\");"
        "const select = form.querySelector('select');"
        "select.value = select.options[1].value; select.dispatchEvent(new Event('input', { bubbles: true }));"
        "const rows = [...document.querySelectorAll('table.tasks tbody tr')].filter((row) => row.offsetParent);"
        "return { unit: select.value, rows: rows.map((row) => row.querySelector('.unit').textContent) };"
    )
    assert said["rows"] == [said["unit"]] == ["区经信局"]
    statuses = [name for role, name in heard(browser) if role in {"StaticText"}]
    assert "已筛选：显示3项中的1项" in statuses


@pytest.mark.parametrize("width", [390, 1200])
def test_no_text_is_cut_or_runs_over_its_neighbour(opened: tuple[Tab, Path], width: int) -> None:
    browser, file = opened
    browser.open(file, width)
    said = browser.run("""
        const inline = (one) => getComputedStyle(one).display === "inline";
        const cut = [...document.querySelectorAll("td, th, p, h1, h2, h3")]
          .filter((one) => one.offsetParent && !inline(one) && one.scrollWidth > one.clientWidth + 1)
          .map((one) => one.textContent.trim().slice(0, 30));
        return { page: document.documentElement.scrollWidth, cut };
    """)
    assert said["page"] <= width
    assert said["cut"] == []


def test_a_figure_tells_when_its_file_came(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 390)
    titles = browser.run("return [...document.querySelectorAll('.figure[title]')].map((one) => one.title);")
    assert any(re.search(r"《主要指标》D7（2024-07-\d\d 09:30收到）", title) for title in titles)


def test_paper_from_the_browser_has_no_tools(opened: tuple[Tab, Path]) -> None:
    browser, file = opened
    browser.open(file, 1200)
    browser.do("Emulation.setEmulatedMedia", media="print")
    try:
        shown = browser.run(
            "return [...document.querySelectorAll('.tools select, .tools button, .provenance, nav')]"
            ".filter((one) => one.offsetParent).length;"
        )
    finally:
        browser.do("Emulation.setEmulatedMedia", media="")
    assert shown == 0
