"""The one error for a file in which nothing can be read; says what it is and what to do."""

from __future__ import annotations

from transforms.errors import InputError


class UnreadableFile(InputError):
    """Nothing can be read from the file: ``found`` is what it is, ``cure`` what the bureau should do (Chinese)."""

    def __init__(self, workbook: str, found: str, cure: str) -> None:
        self.workbook, self.found, self.cure = workbook, found, cure
        super().__init__(f"{workbook}：{found}；处理：{cure}。")
