"""Where every figure stands, and which files were used, as sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flows.render.sheets.cells import CODE, HASH, Column, Sheet
from transforms.assessments import Assessment
from transforms.writing.bulletin import Bulletin, Figure


def sources(bulletin: Bulletin, assessments: Sequence[Assessment], received: Mapping[str, str]) -> Sheet:
    """A row for each cell that a printed figure was taken from."""
    columns = (
        Column("指标", 34),
        Column("区域", 20),
        Column("数据", 14, "centred"),
        Column("工作簿", 50),
        Column("工作表", 22),
        Column("单元格", 10, "centred"),
        Column("收到时间", 18, "centred"),
        Column("校验码", 16, "centred"),
    )
    rows = [
        (
            name,
            area,
            what,
            *_parts(source),
            received.get(vintage, ""),
            vintage[:12],
            vintage,
            code,
        )
        for name, area, what, code, places in _figures(bulletin, assessments)
        for source, vintage in places
    ]
    note = "每个数字所在的单元格；校验码为文件SHA-256值的前12位。"
    return Sheet(columns, rows, (HASH, CODE), note=note)


def _figures(
    bulletin: Bulletin, assessments: Sequence[Assessment]
) -> Iterator[tuple[str, str, str, str, Iterable[tuple[str, str]]]]:
    """Every figure that stands in a cell: its indicator, area, what it is, code and cells."""
    rows = {row.code: row for section in bulletin.sections for row in section.rows}
    for assessment in assessments:
        indicator = assessment.indicator
        own = dict.fromkeys((str(cell), cell.vintage) for cell in assessment.cells)
        yield indicator.name, "", "累计/实际", indicator.code, own
        row = rows.get(indicator.code)
        told: Sequence[tuple[str, Figure]] = (("同比", row.growth), ("历史同期", row.last_year_path)) if row else ()
        for what, figure in told:
            yield indicator.name, "", what, indicator.code, _places(figure)
    for section in bulletin.areas:
        for area in section.rows:
            yield section.title, area.area, "数值", "", _places(area.value)
            yield section.title, area.area, "同比", "", _places(area.growth)
    for revision in bulletin.revisions:
        yield f"{revision.name}（{revision.period}）", "", "原数", "", _places(revision.old)
        yield f"{revision.name}（{revision.period}）", "", "现数", "", _places(revision.new)


def _places(figure: Figure) -> Iterable[tuple[str, str]]:
    """Where a figure stands, each place with its file's hash."""
    # A figure's maker gives both or the places alone; a place without its file is still a place.
    vintages = figure.vintages or ("",) * len(figure.sources)
    return zip(figure.sources, vintages, strict=True)


def _parts(source: str) -> tuple[str, str, str]:
    """A place (workbook《sheet》A1) as its workbook, sheet and cell; a place of another form is all workbook."""
    where, end, ref = source.rpartition("》")
    workbook, start, sheet = where.rpartition("《")
    return (workbook, sheet, ref) if end and start else (source, "", "")


def files(bulletin: Bulletin) -> Sheet:
    """A row for each file that was used."""
    columns = (
        Column("工作簿", 54),
        Column("报送单位", 24),
        Column("时期", 18, "centred"),
        Column("收到时间", 20, "centred"),
        Column("校验码", 16, "centred"),
    )
    rows = [
        (row.workbook, row.reporter, row.period, row.received, row.sha256[:12], row.sha256) for row in bulletin.sources
    ]
    return Sheet(columns, rows, (HASH,))
