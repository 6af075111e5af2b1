"""Puts an editor's paragraphs into a bulletin, and holds the figures that they quote against it; opens no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.assessments import Status
from transforms.declared.edits import SUMMARY, Edit, Edits, Mode
from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.periods import Period
from transforms.writing.bulletin import Bulletin, SummaryPoint
from transforms.writing.bulletin_figures import BulletinFigure, Names, Quoted, figures_of, same

CHANGED_QUOTE, UNKNOWN_QUOTE, UNPRINTED = "edit-figure-unchanged", "edit-figure-known", "edit-is-printed"
"""The expectations that an edited text may break."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A figure as it stood when an edited text first quoted it: where it's quoted, as what, and the figure's key."""

    section: str
    quoted: str
    key: str
    figure: str


@dataclass(frozen=True, slots=True)
class QuotesChecked:
    """What an editor must know of the figures that the texts quote, and which of them are quoted for the first time."""

    doubts: tuple[Doubt, ...]
    first_quoted: tuple[Remembered, ...]


def edited(bulletin: Bulletin, edits: Edits) -> Bulletin:
    """The bulletin with what was written in place of its paragraphs or after them; its opening sentence stays."""
    summary = edits.of(SUMMARY)
    paragraphs, points = bulletin.paragraphs, bulletin.summary
    if summary is not None:
        paragraphs = (*paragraphs[:1], *_with(paragraphs[1:], summary))
        points = _points_with(points, summary)
    commentaries = tuple(
        commentary
        if (edit := edits.of(commentary.section)) is None
        else replace(commentary, paragraphs=_with(commentary.paragraphs, edit))
        for commentary in bulletin.commentaries
    )
    return replace(bulletin, paragraphs=paragraphs, summary=points, commentaries=commentaries)


def _with(automatic: Sequence[str], edit: Edit) -> tuple[str, ...]:
    written = tuple(paragraph.text for paragraph in edit.paragraphs)
    return (*automatic, *written) if edit.mode is Mode.ADD else written


def _points_with(automatic: Sequence[SummaryPoint], edit: Edit) -> tuple[SummaryPoint, ...]:
    """A page's summary says what was written, too: nothing that an editor took out of the text stays in it."""
    label = "补充" if edit.mode is Mode.ADD else "综述"
    written = tuple(SummaryPoint(label if at == 0 else "", one.text) for at, one in enumerate(edit.paragraphs))
    return (*automatic, *written) if edit.mode is Mode.ADD else written


def unprinted(edits: Edits, pages: Iterable[str], templates: Sequence[str], plan: Plan, period: Period) -> list[Doubt]:
    """The edited sections of which something stands on none of the pages, since no template prints it there.

    ``pages`` are what the bulletin's pages say, without marks; spaces don't matter.
    """
    said = "\n".join(_bare(page) for page in pages)
    doubts = []
    for edit in edits.edits:
        lost = [one for one in edit.paragraphs if _bare(one.text) not in said]
        if lost:
            doubts.append(
                Doubt(
                    expectation=UNPRINTED,
                    severity=Severity.WARNING,
                    subject=_subject(edit, plan),
                    found=f"{len(lost)}段不会印出：模板{'、'.join(templates)}不印这一部分的文字",
                    expected="写下的每一段都印在通报中",
                    cure="写到“## 总体进展（补充）”之下，或在district.yaml的templates中加上yuebao",
                    places=tuple(f"{edits.file}:{one.line_at(0)}" for one in lost),
                    period=period,
                )
            )
    return doubts


def _bare(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


def _subject(edit: Edit, plan: Plan) -> str:
    title = next((section.title for section in plan.sections if section.id == edit.section), edit.section)
    return f"编辑文稿“{title}”"


# --- Quotes -------------------------------------------------------------------------------------


def check_quotes(edits: Edits, automatic: Bulletin, plan: Plan, remembered: Iterable[Remembered]) -> QuotesChecked:
    """Which quoted figures have changed since they were first quoted, and which numbers are no figure at all.

    ``automatic`` is the bulletin before it's edited. A number is what the nearest name before it in its sentence has;
    without such a figure it may be any that prints alike.
    """
    if not edits.edits:
        return QuotesChecked((), ())
    names = Names(plan, automatic)
    figures = figures_of(automatic, names)
    before: dict[tuple[str, str], list[Remembered]] = {}
    for one in remembered:
        before.setdefault((one.section, one.quoted), []).append(one)
    doubts: list[Doubt] = []
    first: dict[Remembered, None] = {}
    for edit, paragraph in ((one, paragraph) for one in edits.edits for paragraph in one.paragraphs):
        for quoted in names.quoted(paragraph.text):
            place = f"{edits.file}:{paragraph.line_at(quoted.at)}"
            known = _about_the_same(quoted, before.get((edit.section, quoted.text), ()))
            matching = [figure for figure in figures.values() if same(quoted, figure)]
            changed = _changed(quoted, known, figures)
            if changed:
                told = "；".join(dict.fromkeys(_change_words(one, figures, plan) for one in changed))
                found = f"引用的“{quoted.text}”与本期数不一致：{told}"
                doubts.append(_doubt(CHANGED_QUOTE, Severity.WARNING, edit, found, place, automatic, plan))
            elif not known and not matching:
                found = f"“{quoted.text}”不是本期通报中的数"
                doubts.append(_doubt(UNKNOWN_QUOTE, Severity.INFO, edit, found, place, automatic, plan))
            if not known:
                named = [figure for figure in matching if figure.about & quoted.about]
                first |= {Remembered(edit.section, quoted.text, one.key, one.text): None for one in named or matching}
    return QuotesChecked(tuple(doubts), tuple(first))


def _about_the_same(quoted: Quoted, remembered: Sequence[Remembered]) -> Sequence[Remembered]:
    """What is remembered of this number under this name; of a number without a name, all that is remembered."""
    if not quoted.about:
        return remembered
    return [one for one in remembered if _about(one.key) & quoted.about]


def _about(key: str) -> frozenset[str]:
    return frozenset(key.partition("|")[0].split("+"))


def _changed(
    quoted: Quoted, known: Sequence[Remembered], figures: Mapping[str, BulletinFigure]
) -> Sequence[Remembered]:
    """The remembered figures that print otherwise now, or not at all.

    Under a name each counts. A number without a name may have been any of those that printed alike: it's right as long
    as one of them still does.
    """
    present = [one for one in known if one.key in figures]
    changed = [one for one in present if figures[one.key].text != one.figure]
    if not present:
        return known
    # A clause of the automatic text may be worded otherwise while its figure stays: its absence alone is no change.
    return changed if quoted.about or len(changed) == len(present) else ()


def _change_words(one: Remembered, figures: Mapping[str, BulletinFigure], plan: Plan) -> str:
    now = figures.get(one.key)
    whose = "、".join(sorted(_called(about, plan) for about in _about(one.key) if about))
    return f"{whose}{'' if not whose else '，'}写入时为{one.figure}，现{f'为{now.text}' if now else '已无此数'}"


def _called(about: str, plan: Plan) -> str:
    indicator = plan.indicator(about)
    if indicator is not None:
        return indicator.sentence_name
    return Status(about).chinese if about in set(Status) else about


def _doubt(
    expectation: str, severity: Severity, edit: Edit, found: str, place: str, automatic: Bulletin, plan: Plan
) -> Doubt:
    cure = "核对后改写这一段" if severity is Severity.WARNING else "核对出处；确属另有来源的可以保留"
    return Doubt(
        expectation=expectation,
        severity=severity,
        subject=_subject(edit, plan),
        found=found,
        expected="引用的数与本期通报一致",
        cure=cure,
        places=(place,),
        period=automatic.period,
    )


# --- The file to edit ---------------------------------------------------------------------------


def file_to_edit(automatic: Bulletin) -> str:
    """A file with every heading and the automatic paragraphs in comments: as it is, it edits nothing."""
    parts = [f"# {automatic.period.chinese()}文稿修改", f"<!--\n{_HOW_TO}\n-->"]
    parts += list(_part(SUMMARY, automatic.paragraphs[1:]))
    for commentary in automatic.commentaries:
        parts += list(_part(commentary.title, commentary.paragraphs))
    return "\n\n".join(parts) + "\n"


_HOW_TO = """\
在各标题下的注释之后另起一行写段落，即替换该部分的自动文稿；标题后加（补充）的，附在自动文稿之后。
没有写文字的部分采用自动文稿。注释里的文字不会印出，可以复制出来修改。
只写普通段落和单层列表；引用的数在数据更新后变动的，运行时会逐一提示行号、原数和现数。"""


def _part(title: str, paragraphs: Sequence[str]) -> Iterator[str]:
    yield f"## {title}"
    told = "\n\n".join(paragraphs).replace("-->", "--＞")
    yield f"<!-- 自动文稿\n\n{told}\n-->"
