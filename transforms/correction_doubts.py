"""What is told of a declared correction: on what it rests, that it no longer bites, that its last day is over."""

from __future__ import annotations

from transforms.declared.corrections import Correction, LedgerCorrection
from transforms.doubts import Doubt, Severity
from transforms.periods import Period


def basis(correction: Correction | LedgerCorrection, wrong: str) -> str:
    """What a reader is told of a corrected figure; ``wrong`` is what stands in the source, as it's shown."""
    return f"原表为{wrong}，{correction.reason}；依据：{correction.authority}"


def idle(
    correction: Correction | LedgerCorrection,
    reference: Period,
    found: str,
    cure: str,
    cells: tuple[str, ...],
    wrong: str,
) -> Doubt:
    """That it finds nothing to correct, or can't tell what."""
    return Doubt(
        expectation="correction-bites",
        severity=Severity.CRITICAL,
        subject=correction.subject,
        found=found,
        expected=f"更正所针对的错误内容{wrong}仍在来源中",
        cure=cure,
        places=(correction.place, *cells),
        period=reference,
    )


def expired(correction: Correction | LedgerCorrection, reference: Period, cells: tuple[str, ...] = ()) -> Doubt:
    """That it's still applied after its last day."""
    return Doubt(
        expectation="correction-in-force",
        severity=Severity.WARNING,
        subject=correction.subject,
        found=f"该更正的有效期至{correction.until.isoformat()}，已过期；来源仍未改正，暂按更正值采用",
        expected="在有效期内，或来源已改正",
        cure="与来源单位核实后删除或延长该条更正",
        places=(correction.place, *cells),
        period=reference,
    )
