"""The folders of one workspace and the declarations in them; the place of everything on disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.logs import keep_in
from transforms.declared.correction_faults import faults_of_corrections, placed
from transforms.declared.corrections import Corrections
from transforms.declared.declarations import load
from transforms.declared.deliveries import faults_of_channels
from transforms.declared.district import District
from transforms.declared.edits import Edits, edits_of
from transforms.declared.plan import Plan
from transforms.declared.plan_faults import faults_in
from transforms.errors import CellFault, DeclarationError, EnvironmentFault, Fault, UsageError
from transforms.periods import Period
from transforms.spreadsheets.unreadable import UnreadableFile
from transforms.told_names import told_path

if TYPE_CHECKING:
    from transforms.audits.declared import Audit
    from transforms.audits.sheets import Imported

INSTALLED = Path(__file__).resolve().parent.parent
"""Where the product itself stands: its templates, its fonts, and in a clone its own data folders."""
TEMPLATES = INSTALLED / "report_templates"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with its own ``data_raw`` and ``data_out``."""

    root: Path

    @classmethod
    def at(cls, folder: Path | None) -> Workspace:
        """The named folder, else YUEBAO_WORKSPACE, else the working folder if it has a data_raw, else the clone."""
        named = folder or (Path(os.environ["YUEBAO_WORKSPACE"]) if os.environ.get("YUEBAO_WORKSPACE") else None)
        if named is not None:
            root = named.expanduser().resolve()
            if not (root / "data_raw").is_dir():
                raise UsageError(
                    f"{root}: no data_raw folder here; name a folder that has one, or make one and put a district in it"
                )
            return cls._told(root)
        here = Path.cwd()
        return cls._told(here if (here / "data_raw").is_dir() else INSTALLED)

    @classmethod
    def _told(cls, root: Path) -> Workspace:
        at = cls(root)
        keep_in(at.logs_folder)
        return at

    @property
    def raw(self) -> Path:
        """Everything that came from outside."""
        return self.root / "data_raw"

    @property
    def out(self) -> Path:
        """Everything that leaves, and the memory of it."""
        return self.root / "data_out"

    @property
    def store_address(self) -> str:
        """DATABASE_URL, or the SQLite file beside the bulletins."""
        return os.environ.get("DATABASE_URL") or f"sqlite:///{self.out / 'store.sqlite3'}"

    def folder(self, district: str) -> Path:
        """The district's own folder in data_raw."""
        return self.raw / district

    def bulletin_folder(self, district: str, period: Period) -> Path:
        """Where the period's bulletin appears."""
        return self.out / district / str(period)

    def bulletin_folders(self, district: str) -> Iterator[tuple[Period, Path]]:
        """Every folder that is named as a bulletin's, oldest first; what else lies there is somebody's own."""
        for folder in sorted((self.out / district).glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]")):
            with suppress(ValueError):  # 2024-13 is no period.
                if folder.is_dir():
                    yield Period.parse(folder.name), folder

    @property
    def logs_folder(self) -> Path:
        """Where it's kept what happened, a file for each day."""
        return self.out / "logs"

    def issues_folder(self, district: str) -> Path:
        """Where what the district publishes appears, an issue a folder."""
        return self.out / district / "issues"

    def forms_folder(self, district: str, period: Period) -> Path:
        """Where the forms that the units fill in for the period appear."""
        return self.out / district / "forms" / str(period)

    def vintage_file(self, district: str, sha256: str) -> Path:
        """Where the bytes of a vintage are kept."""
        return self.folder(district) / "vintages" / sha256[:2] / sha256

    def shown(self, path: Path) -> str:
        """A path as messages name it: from the workspace on."""
        return told_path(str(path.relative_to(self.root) if path.is_relative_to(self.root) else path))

    def districts(self) -> tuple[str, ...]:
        """The ids of all districts: the folders of data_raw that have a district.yaml."""
        return tuple(sorted(path.parent.name for path in self.raw.glob("*/district.yaml")))

    def districts_named(self, words: str) -> tuple[str, ...]:
        """The ids in a text such as ``luan-jinan,national``, each once; ``all`` is all of them."""
        named = tuple(dict.fromkeys(part.strip() for part in words.split(",") if part.strip()))
        if named == ("all",) and "all" not in self.districts():
            named = self.districts()
        if not named:
            raise UsageError(f"{words!r} names no district; name one, several with commas between them, or all")
        return named

    def districts_here(self, named: Iterable[str]) -> tuple[str, ...]:
        """Those of the named districts that are here, of what may have been mistyped; ``all`` names every one."""
        wanted = {part.strip() for one in named for part in one.split(",")}
        here = self.districts()
        return here if wanted == {"all"} and "all" not in here else tuple(one for one in here if one in wanted)

    def district(self, id_: str) -> District:
        """The district's declaration; UsageError if there's none, DeclarationError with its faults."""
        file = self.folder(id_) / "district.yaml"
        if "/" in id_ or not file.is_file():
            known = "、".join(self.districts()) or "none yet"
            raise UsageError(f"no district {id_!r}: {self.shown(file)} doesn't exist; districts here: {known}")
        district, lines = load(text_of(file), self.shown(file), District)
        if district.id != id_:
            fault = Fault(
                self.shown(file),
                lines.get(("id",), 1),
                f"id is {district.id!r}",
                f"the folder is named {id_!r}: make both equal",
            )
            raise DeclarationError([fault])
        templates = bulletin_templates(TEMPLATES)
        faults = [
            Fault(
                self.shown(file),
                lines.get(("bulletin", "templates", number), 1),
                f"no template {name!r} in report_templates",
                f"use {'、'.join(templates)}, or add a folder with a bulletin.html.j2",
            )
            for number, name in enumerate(district.bulletin.templates)
            if name not in templates
        ]
        units = frozenset(unit.name for unit in district.units)
        faults += faults_of_channels(
            district.deliver, units, files_of_issue(district.bulletin.templates), lines, self.shown(file)
        )
        if faults:
            raise DeclarationError(faults)
        return district

    def years(self, district: str) -> tuple[int, ...]:
        """The years that the district has a plan for."""
        return tuple(sorted(int(path.stem) for path in self._plan_files(district)))

    def plan(self, district: str, year: int) -> Plan:
        """The plan of a year; UsageError if there's none, DeclarationError with all its faults."""
        file = self.plan_file(district, year)
        declared = self.district(district)
        if not file.is_file():
            years = "、".join(str(one) for one in self.years(district)) or "none yet"
            raise UsageError(f"no plan of {year}: {self.shown(file)} doesn't exist; years of {district}: {years}")
        plan, lines = load(text_of(file), self.shown(file), Plan)
        faults = list(faults_in(plan, lines, self.shown(file), declared, district, year))
        if faults:
            raise DeclarationError(faults)
        return plan

    def plan_file(self, district: str, year: int) -> Path:
        """Where the plan of a year is declared."""
        return self.folder(district) / "plan" / f"{year}.yaml"

    def corrections(self, district: str) -> Corrections:
        """The district's corrections; none if it declares none."""
        file = self.folder(district) / "corrections.yaml"
        if not file.is_file():
            return Corrections()
        corrections, lines = load(text_of(file), self.shown(file), Corrections)
        faults = list(faults_of_corrections(corrections, lines, self.shown(file)))
        if faults:
            raise DeclarationError(faults)
        return placed(corrections, lines, self.shown(file))

    def audits(self, district: str) -> tuple[Audit, ...]:
        """The audit formulas in the district's audits folder; DeclarationError with every fault of every file."""
        audits: list[Audit] = []
        faults: list[Fault] = []
        for file in self.audit_files(district):
            try:
                audits += audits_in(file, self.shown(file)).audits
            except DeclarationError as error:
                faults += error.faults
        if faults:
            raise DeclarationError(faults)
        return tuple(audits)

    def audit_files(self, district: str) -> tuple[Path, ...]:
        """The declarations and workbooks of audit formulas."""
        folder = self.folder(district) / "audits"
        return tuple(
            path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith((".", "~$"))
        )

    def edit_file(self, district: str, period: Period) -> Path:
        """Where an editor rewrites the period's paragraphs."""
        return self.folder(district) / "edits" / f"{period}.md"

    def edits(self, district: str, period: Period, plan: Plan) -> Edits:
        """What an editor wrote for the period, nothing if there's no file; DeclarationError with all its faults."""
        file = self.edit_file(district, period)
        return edits_of(text_of(file), self.shown(file), plan) if file.is_file() else Edits(self.shown(file), ())

    def files_of_period(self, district: str, period: Period) -> tuple[Path, ...]:
        """The files that decide how the period's bulletin is made."""
        file = self.edit_file(district, period)
        return (*self.declaration_files(district, period.year), *([file] if file.is_file() else []))

    def declaration_files(self, district: str, year: int) -> tuple[Path, ...]:
        """The files that decide how a bulletin of the year is made."""
        folder = self.folder(district)
        wanted = (folder / "district.yaml", self.plan_file(district, year), folder / "corrections.yaml")
        return (*(file for file in wanted if file.is_file()), *self.audit_files(district))

    def _plan_files(self, district: str) -> list[Path]:
        return [path for path in (self.folder(district) / "plan").glob("*.yaml") if path.stem.isdigit()]


def bulletin_templates(folder: Path) -> tuple[str, ...]:
    """The names of the templates in that folder that a bulletin can be written with."""
    return tuple(sorted(page.parent.name for page in folder.glob("*/bulletin.html.j2")))


def files_of_issue(templates: Sequence[str]) -> tuple[str, ...]:
    """The files that an issue written with these templates has, beside its notices and its manifest.

    The first template's are called bulletin, each other's bear its name.
    """
    made: list[str] = []
    for template, name in zip(templates, ("bulletin", *templates[1:]), strict=True):
        word = (TEMPLATES / template / "word.css").is_file()
        made += [f"{name}.{kind}" for kind in ("pdf", *(["docx"] if word else []), "html")]
    return (*made, "bulletin.xlsx", "assessments.json")


def audits_in(file: Path, shown: str) -> Imported:
    """The audit formulas of a declaration (.yaml) or a bureau's workbook, whatever its suffix says."""
    # The grammar takes a parser's library, which most commands can do without.
    from transforms.audits.declared import audits_of_yaml
    from transforms.audits.sheets import Imported, audits_of_workbook

    if file.suffix.lower() in {".yaml", ".yml"}:
        return Imported(audits_of_yaml(text_of(file), shown), ())
    try:
        return audits_of_workbook(_bytes(file), shown)
    except UnreadableFile as error:
        raise DeclarationError([CellFault(shown, 1, error.found, error.cure, "")]) from None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{file}: can't be read ({error.strerror}); mend its permissions") from None


def text_of(file: Path) -> str:
    """The text of a declaration; DeclarationError where it isn't UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(str(file), 1, f"not UTF-8 (byte {error.start})", "save the file as UTF-8")
        raise DeclarationError([fault]) from None
    except OSError as error:
        raise EnvironmentFault(f"{file}: can't be read ({error.strerror}); mend its permissions") from None


def fonts_folder() -> Path:
    """Where the fonts are: YUEBAO_FONTS, or the ignored folder that the set-up fills."""
    folder = Path(os.environ.get("YUEBAO_FONTS") or INSTALLED / ".fonts")
    if not (folder / "fonts.conf").is_file():
        raise EnvironmentFault(f"{folder}: the fonts aren't there; run `make setup`, or set YUEBAO_FONTS")
    return folder


def fonts_fingerprint() -> str:
    """The hashes of the fonts as the set-up checked them; empty where there are none."""
    sums = Path(os.environ.get("YUEBAO_FONTS") or INSTALLED / ".fonts") / "SHA256SUMS"
    return sums.read_text(encoding="ascii") if sums.is_file() else ""
