"""The fonts: whether they're there, are those that were checked, and have the characters that bulletins need."""

from __future__ import annotations

from collections.abc import Iterator

from flows.doctor.registry import Examined, check
from flows.fingerprint import file_sha256
from flows.workspace import fonts_folder
from transforms.errors import EnvironmentFault
from transforms.examining import Finding, Verdict, ok

_CURE = "run `make setup`, which fetches and checks them (remove .fonts first if it's damaged), or set YUEBAO_FONTS"


@check
def hashes(_about: Examined) -> Iterator[Finding]:
    """Each font as SHA256SUMS has it."""
    try:
        folder = fonts_folder()
        sums = (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    except (EnvironmentFault, OSError) as error:
        yield Finding("font files", Verdict.FAULT, str(error), _CURE)
        return
    wrong = []
    for line in sums:
        sha256, _, name = line.partition("  ")
        file = folder / name.strip()
        if not file.is_file():
            wrong.append(f"{name} is missing")
        elif file_sha256(file) != sha256:
            wrong.append(f"{name} has changed")
    if wrong:
        yield Finding("font files", Verdict.FAULT, "; ".join(wrong), _CURE)
    else:
        yield ok("font files", f"{len(sums)} in {folder}, as they were checked")


@check
def characters(about: Examined) -> Iterator[Finding]:
    """Every character that the declarations of the districts will print."""
    from flows.render.glyphs import require_glyphs

    folder = fonts_folder()
    for district in about.declared:
        files = [
            about.workspace.folder(district.id) / "district.yaml",
            *(about.workspace.plan_file(district.id, year) for year in about.workspace.years(district.id)),
        ]
        looked_at = f"characters of {district.id}'s declarations"
        try:
            for file in files:
                text = file.read_text(encoding="utf-8-sig").replace("&", "&amp;").replace("<", "&lt;")
                require_glyphs(text, folder)
        except EnvironmentFault as error:
            lacks = str(error).splitlines()[0]
            yield Finding(looked_at, Verdict.FAULT, lacks, "put a font that has it into the fonts' folder, or mend it")
        else:
            yield ok(looked_at, "every one is in a font")
