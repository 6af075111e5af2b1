"""The one error for a file in which nothing can be read; says what it is and what to do."""

from __future__ import annotations

from transforms.errors import InputError


class UnreadableFile(InputError):
    """Nothing can be read from the file: ``found`` is what it is, ``cure`` what the bureau should do (Chinese)."""

    def __init__(self, workbook: str, found: str, cure: str) -> None:
        self.workbook, self.found, self.cure = workbook, found, cure
        super().__init__(f"{workbook}：{found}；处理：{cure}。")


class EncryptedFile(UnreadableFile):
    """The file needs a password that isn't among those given: it can be read when that one is."""


def damaged(name: str, what: str) -> UnreadableFile:
    """The refusal of a file that isn't whole; ``what`` says where that shows."""
    return UnreadableFile(name, f"文件不完整或已损坏（{what}）", "重新下载，或由原单位用 Excel 打开后另存再报送")


def encrypted(name: str, *, tried: int = 0) -> EncryptedFile:
    """The refusal of a workbook that needs a password, when ``tried`` passwords didn't open it."""
    if tried:
        return EncryptedFile(
            name, f"文件加了打开密码，所给的{tried}个密码都打不开", "核对密码，或取消密码后另存，再报送"
        )
    return EncryptedFile(name, "文件加了打开密码", "取消密码后另存，再报送；或把密码告知管理员")


def too_far(name: str, title: str, last: str, height: int, width: int) -> UnreadableFile:
    """The refusal of a sheet whose cells reach so far that no table can."""
    return UnreadableFile(
        name,
        f"《{title}》在很远的位置 {last} 还有内容，整张表撑到{height}行、{width}列",
        f"到 {last} 删去误填的内容（选中整行整列删除）后另存，再报送",
    )
