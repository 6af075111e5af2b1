"""A district packed whole and unpacked elsewhere: nothing is lost, nothing overwritten, nothing half-made."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import tarfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.clock import now
from flows.console import print_moved
from flows.issuing import Order, publish_draft
from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.moving import export_district, import_district, unpacking
from flows.moving.packed import MANIFEST
from flows.status import status_of
from flows.store import Store
from flows.store.outbox import Parcel
from flows.verifying import verify
from flows.whole_file import write_synced
from flows.workspace import Workspace
from tests.flows.small import small_workspace
from transforms.delivering.outbox import Message, MessageKind, Owed
from transforms.errors import EnvironmentFault, InputError, UsageError
from transforms.periods import Period

pytestmark = pytest.mark.xdist_group("moving")
FEBRUARY, MARCH = Period(2024, 2), Period(2024, 3)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory, store_of: Callable[[Path], str]) -> tuple[Path, Path]:
    """A workspace with an issue, a draft after it and an empty folder in its inbox; and that district packed."""
    folder = tmp_path_factory.mktemp("moving")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", store_of(folder / "made"))
        workspace, sent = small_workspace(folder / "made")
        make_bulletin(Job(workspace, "small", FEBRUARY))
        publish_draft(Order(Job(workspace, "small", FEBRUARY), "王明"))
        make_bulletin(Job(workspace, "small", MARCH))
        (sent.inbox / "2024-05-12").mkdir()
        with closing(Store(workspace.store_address)) as store:
            store.put_alert(_told_to_ops("small"))
        export_district(workspace, "small", folder / "small.tar.gz")
    return workspace.root, folder / "small.tar.gz"


def _told_to_ops(district: str) -> Parcel:
    about = Message(district, FEBRUARY, "alert/blocked/1", MessageKind.ALERT, "{}", now())
    return Parcel(about, (Owed("ops", "wang@bureau.example"), Owed("ops", "li@bureau.example")))


@pytest.fixture
def issued(made_once: tuple[Path, Path], tmp_path: Path, copied: Callable[[Path, Path], Workspace]) -> Workspace:
    """A copy of that workspace."""
    return copied(made_once[0], tmp_path / "issued")


@pytest.fixture
def packed(made_once: tuple[Path, Path], tmp_path: Path) -> Path:
    """A copy of the file that it was packed into."""
    return Path(shutil.copy2(made_once[1], tmp_path / "small.tar.gz"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Workspace:
    (tmp_path / "elsewhere" / "data_raw").mkdir(parents=True)
    return Workspace(tmp_path / "elsewhere")


def everything(workspace: Workspace) -> dict[str, tuple[bytes, int]]:
    """Every file and folder with its mode."""
    return {
        str(path.relative_to(workspace.root)): (path.read_bytes() if path.is_file() else b"", path.stat().st_mode)
        for top in (workspace.folder("small"), workspace.out / "small")
        for path in (top, *top.rglob("*"))
        if not path.name.startswith(".")
    }


def nothing_of_it_in(workspace: Workspace) -> bool:
    store = Store(workspace.store_address)
    try:
        here = [file for file in workspace.root.rglob("*") if file.is_file() and file.parent != workspace.out / "logs"]
        return not store.knows("small") and all(file.name.startswith((".", "store.")) for file in here)
    finally:
        store.close()


def test_what_was_moved_goes_on_as_it_was(
    issued: Workspace, elsewhere: Workspace, packed: Path, address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = status_of(issued, "small")
    monkeypatch.setenv("DATABASE_URL", address)
    moved = import_district(elsewhere, packed)
    assert everything(elsewhere) == everything(issued)
    assert moved.files == sum(stat.S_ISREG(mode) for _, mode in everything(issued).values())
    shelf = elsewhere.issues_folder("small")
    folders = (shelf, shelf / "2024-001", elsewhere.bulletin_folder("small", MARCH))
    assert [stat.S_IMODE(one.stat().st_mode) for one in folders] == [0o755, 0o755, 0o700]
    assert (elsewhere.folder("small") / "inbox" / "2024-05-12").is_dir()

    after = status_of(elsewhere, "small")
    assert after == before
    assert {str(one.period): one.standing for one in after.periods}["2024-03"] == "made"
    assert verify(elsewhere, "small").findings == ()
    again = tmp_path / "again.tar.gz"
    export_district(elsewhere, "small", again)
    assert again.read_bytes() == packed.read_bytes()
    assert publish_draft(Order(Job(elsewhere, "small", MARCH), "王明")).issue.number == 2


def test_a_delivery_keeps_its_code_where_the_store_numbers_it_anew(
    issued: Workspace, elsewhere: Workspace, packed: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Store(issued.store_address)) as store:
        before = store.deliveries("small")
    monkeypatch.setenv("DATABASE_URL", address)
    with closing(Store(address)) as store:
        store.put_alert(_told_to_ops("other"))
        import_district(elsewhere, packed)
        after = store.deliveries("small")
    assert [one.code for one in after] == [one.code for one in before]
    assert [one.id for one in after] != [one.id for one in before]


def test_a_register_that_is_shared_is_told_at_both_ends(
    issued: Workspace, elsewhere: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Store(issued.store_address)) as store:
        (own,) = store.issues("small")
        store.keep_issue(replace(own, district="tiny", number=own.number + 1), {}, [], [])
    file = tmp_path / "shared.tar.gz"
    shared = ((own.register, "tiny"),)
    assert export_district(issued, "small", file).shared == shared
    moved = import_district(elsewhere, file)
    assert moved.shared == shared
    print_moved(moved, "unpacked")
    assert f"of the register {own.register}, and so are those of tiny" in capsys.readouterr().out


def test_only_its_owner_may_read_what_was_packed(packed: Path) -> None:
    assert packed.stat().st_mode & 0o777 == 0o600


def test_export_overwrites_nothing(issued: Workspace, packed: Path) -> None:
    with pytest.raises(UsageError, match="is there already"):
        export_district(issued, "small", packed)


def test_a_link_to_a_folder_elsewhere_is_refused(issued: Workspace, tmp_path: Path) -> None:
    (issued.folder("small") / "inbox" / "linked").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="linked: is a link"):
        export_district(issued, "small", tmp_path / "out.tar.gz")
    assert not (tmp_path / "out.tar.gz").exists()


@pytest.mark.parametrize("kind", ["another byte", "shorter", "away"])
def test_a_file_that_becomes_another_while_it_is_packed_is_told(
    issued: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    file = issued.folder("small") / "inbox" / "2024-05-12" / "五月.xlsx"
    file.write_bytes(b"five")
    changes = {"another byte": lambda: file.write_bytes(b"fife"), "shorter": lambda: file.write_bytes(b"f")}
    when_hashed(monkeypatch, changes.get(kind, file.unlink))
    with pytest.raises(EnvironmentFault, match=r"2024-05-12/五月\.xlsx: was changed while it was being packed"):
        export_district(issued, "small", tmp_path / "out.tar.gz")
    assert [one.name for one in tmp_path.iterdir() if "out" in one.name] == []


def test_what_is_added_to_a_file_while_it_is_packed_stays_out(
    issued: Workspace, elsewhere: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "data_raw/small/inbox/2024-05-12/a\\b 五月.xlsx"
    (issued.root / name).write_bytes(b"five")
    when_hashed(monkeypatch, lambda: (issued.root / name).write_bytes(b"five and more"))
    export_district(issued, "small", tmp_path / "out.tar.gz")
    import_district(elsewhere, tmp_path / "out.tar.gz")
    assert (elsewhere.root / name).read_bytes() == b"five"


def when_hashed(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Have this happen when all files were hashed and none is packed yet."""

    def write(file: Path, data: bytes) -> None:
        change()
        write_synced(file, data)

    monkeypatch.setattr("flows.moving.packing.write_synced", write)


def test_a_district_that_is_here_is_left_as_it_is(issued: Workspace, packed: Path) -> None:
    before = everything(issued)
    with pytest.raises(UsageError, match="is here already"):
        import_district(issued, packed)
    assert everything(issued) == before


def test_numbers_that_the_store_gave_already_are_told(
    elsewhere: Workspace, packed: Path, address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    import_district(elsewhere, packed)
    (tmp_path / "third" / "data_raw").mkdir(parents=True)
    with pytest.raises(UsageError, match="the store knows it already"):
        import_district(Workspace(tmp_path / "third"), packed)


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.95])
def test_a_damaged_file_leaves_nothing(elsewhere: Workspace, packed: Path, at: float) -> None:
    data = bytearray(packed.read_bytes())
    data[int(len(data) * at)] ^= 0xFF
    packed.write_bytes(data)
    with pytest.raises(InputError, match=r"damaged|packed"):
        import_district(elsewhere, packed)
    assert nothing_of_it_in(elsewhere)


def test_a_file_cut_short_leaves_nothing(elsewhere: Workspace, packed: Path) -> None:
    packed.write_bytes(packed.read_bytes()[:-2000])
    with pytest.raises(InputError, match="damaged"):
        import_district(elsewhere, packed)
    assert nothing_of_it_in(elsewhere)


def rewritten(
    packed: Path, change: Callable[[dict[str, Any]], None], others: Mapping[str, Callable[[bytes], bytes]] | None = None
) -> None:
    """The same file with another manifest, and others of its members changed."""
    with tarfile.open(packed, "r:gz") as tar:
        members = [(one.name, (tar.extractfile(one) or io.BytesIO()).read()) for one in tar]
    others = others or {}
    manifest = json.loads(members[0][1])
    members = [(name, others[name](data) if name in others else data) for name, data in members]
    change(manifest)
    if MANIFEST not in others:
        members[0] = (MANIFEST, json.dumps(manifest).encode())
    with gzip.open(packed, "wb") as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for name, data in members:
            told = tarfile.TarInfo(name)
            told.size = len(data)
            tar.addfile(told, io.BytesIO(data))


@pytest.mark.parametrize(
    "name", ["data_raw/small/../../../evil", "data_out/other/x", "/etc/passwd", "data_raw/small/.x"]
)
def test_a_place_outside_the_district_is_refused(elsewhere: Workspace, packed: Path, name: str) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["files"][0]["name"] = name

    rewritten(packed, change)
    with pytest.raises(InputError, match="no place in a district"):
        import_district(elsewhere, packed)
    assert nothing_of_it_in(elsewhere)


def test_a_mode_of_no_folder_of_it_is_refused(elsewhere: Workspace, packed: Path) -> None:
    rewritten(packed, lambda manifest: manifest.update(modes={"data_raw/../..": 0o777}))
    with pytest.raises(InputError, match="modes of folders that it hasn't"):
        import_district(elsewhere, packed)
    assert nothing_of_it_in(elsewhere)


def with_rows(packed: Path, table: str, change: Callable[[dict[str, Any]], None]) -> None:
    """The same file, whole by its own account, with other rows in one table."""
    told: dict[str, Any] = {}

    def changed(data: bytes) -> bytes:
        rows = [json.loads(line) for line in data.splitlines()]
        for row in rows:
            change(row)
        data = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
        told.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
        return data

    def manifest(told_of: dict[str, Any]) -> None:
        next(one for one in told_of["tables"] if one["name"] == table).update(told)

    rewritten(packed, manifest, {f"store/{table}": changed})


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("issues", {"district": "victim"}, "a row of issues is another district's"),
        ("messages", {"district": "victim"}, "a row of messages is another district's"),
        ("vintages", {"district": "victim"}, "a row of vintages is another district's"),
        ("vintages", {"owner": "root"}, "hasn't its columns"),
        ("vintages", {"size": "large"}, "vintages.size holds no 'large'"),
        ("vintages", {"size": 10**30}, "vintages.size holds no 1000"),
        ("vintages", {"origin": None}, "vintages.origin holds no None"),
        ("vintages", {"origin": {"bytes": ""}}, "vintages.origin holds no {"),
        ("assessments", {"value": {"decimal": "NaN"}}, "assessments.value holds no {"),
        ("assessments", {"value": {"decimal": "x"}}, "InvalidOperation|ConversionSyntax"),
        ("assessments", {"run": 99}, "99"),
    ],
)
def test_rows_of_another_district_or_kind_are_refused(
    elsewhere: Workspace, packed: Path, table: str, change: dict[str, object], words: str
) -> None:
    with_rows(packed, table, lambda row: row.update(change))
    with pytest.raises(InputError, match=f"is damaged, or was changed .*{words}"):
        import_district(elsewhere, packed)
    assert nothing_of_it_in(elsewhere)
    store = Store(elsewhere.store_address)
    assert not store.knows("victim")
    store.close()


def test_what_the_manifest_says_of_modes_opens_nothing(elsewhere: Workspace, packed: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["modes"] = dict.fromkeys(manifest["folders"], 0o7777)
        for one in manifest["files"]:
            one["mode"] = 0o7777

    rewritten(packed, change)
    import_district(elsewhere, packed)
    modes = {name: stat.S_IMODE(mode) for name, (_, mode) in everything(elsewhere).items()}
    assert {mode for name, mode in modes.items() if name.startswith("data_out/small/issues")} == {0o755}
    assert {modes[name] for name in ("data_out/small", "data_out/small/2024-03", "data_raw/small/vintages")} == {0o700}
    assert {modes[name] for name in ("data_raw/small", "data_raw/small/district.yaml")} == {0o775}
    assert not any(mode & 0o7002 for mode in modes.values())


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest["files"][0].update(modified=10**40),
        lambda manifest: manifest["files"][0].update(modified="today"),
        lambda manifest: manifest["files"][0].update(mode=None),
        lambda manifest: manifest["files"][0].update(name=["x"]),
        lambda manifest: manifest["tables"][0].update(rows="many"),
        lambda manifest: manifest.update(modes={"data_raw/small": "open"}),
        lambda manifest: manifest.update(files=manifest["files"] + manifest["files"][:1]),
        lambda manifest: manifest.update(district=["small"]),
    ],
)
def test_a_manifest_that_says_what_cannot_be_leaves_nothing(
    elsewhere: Workspace, packed: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    rewritten(packed, change)
    with pytest.raises(InputError, match=r"damaged"):
        import_district(elsewhere, packed)
    assert nothing_of_it_in(elsewhere)
    assert not (elsewhere.raw / ".importing").exists()


def test_a_manifest_nested_without_end_is_told(elsewhere: Workspace, packed: Path) -> None:
    rewritten(packed, lambda _: None, {"manifest.json": lambda _: b"[" * 1_000_000})
    with pytest.raises(InputError, match="damaged"):
        import_district(elsewhere, packed)
    assert not (elsewhere.raw / ".importing").exists()


def test_another_version_is_told(elsewhere: Workspace, packed: Path) -> None:
    rewritten(packed, lambda manifest: manifest.update(shape="0" * 16))
    with pytest.raises(InputError, match="another version"):
        import_district(elsewhere, packed)


def test_something_else_is_told(elsewhere: Workspace, tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_text("no archive", encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        import_district(elsewhere, tmp_path / "x.tar.gz")
    with pytest.raises(UsageError, match="no such file"):
        import_district(elsewhere, tmp_path / "y.tar.gz")


def test_too_little_room_is_told_before_anything_is_unpacked(
    elsewhere: Workspace, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten(packed, lambda manifest: manifest["files"][0].update(size=2**60))
    with pytest.raises(EnvironmentFault, match="make room"):
        import_district(elsewhere, packed)
    assert nothing_of_it_in(elsewhere)


@pytest.mark.parametrize("step", ["complete", "take_in", "move_in"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_import_that_was_killed_is_gone_on_with(
    issued: Workspace, elsewhere: Workspace, packed: Path, step: str, when: str
) -> None:
    child = os.fork()
    if child == 0:
        owner = Store if step == "take_in" else unpacking._Arrival
        whole = getattr(owner, step)

        def cut(*args: object) -> None:
            if when == "after":
                whole(*args)
            os._exit(9)

        setattr(owner, step, cut)
        import_district(elsewhere, packed)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    if (step, when) != ("move_in", "after"):
        assert elsewhere.districts() == ()
        import_district(elsewhere, packed)
    assert everything(elsewhere) == everything(issued)
    assert verify(elsewhere, "small").findings == ()
    assert not (elsewhere.raw / ".importing").exists()
