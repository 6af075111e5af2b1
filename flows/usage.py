"""Turns what the argument parser complains of into a plain sentence with its cure; parses nothing."""

from __future__ import annotations

from dataclasses import dataclass

from cyclopts import CycloptsError, MissingArgumentError, UnknownCommandError, UnknownOptionError, UnusedCliTokensError


@dataclass(frozen=True, slots=True)
class _Words:
    """How a command speaks of a fault of its command line."""

    lacking: str = "`{command}` needs {name}; see `{command} --help`"
    without_value: str = "{name} needs a value after it; see `{command} --help`"
    unknown: str = "`{command}` doesn't know {name}{meant}; see `{command} --help`"
    meant: str = " (did you mean {name}?)"
    left: str = "`{command}` can't use {name}; see `{command} --help`"
    other: str = "{message}; see `{command} --help`"


_WORDS = {
    "read": _Words(left="`{command}` takes one file and can't use {name} too; for several: `yuebao check FILE…`"),
    "check": _Words(
        lacking="`{command}` 缺少 {name}；用法见 `{command} --help`",
        without_value="{name} 后面要写内容；用法见 `{command} --help`",
        unknown="`{command}` 没有 {name} 这个选项{meant}；用法见 `{command} --help`",
        meant="（是不是 {name}？）",
        left="`{command}` 用不上 {name}；用法见 `{command} --help`",
        other="{message}；用法见 `{command} --help`",
    ),
}


def sentence(error: CycloptsError) -> str:
    """What is wrong with the command line, and what to write instead; in Chinese for the clerks' command."""
    chain = error.command_chain or ()
    command = " ".join(("yuebao", *chain))
    words = _WORDS.get(command.removeprefix("yuebao "), _Words())
    match error:
        case MissingArgumentError() if error.argument is not None:
            name = error.argument.name
            if error.argument.index is None:
                return words.without_value.format(command=command, name=name)
            return words.lacking.format(command=command, name=name.lstrip("-").upper())
        case UnknownOptionError():
            # The parser tells both in its message: Unknown option: --perod. Did you mean --period?
            name, _, guess = str(error).removeprefix("Unknown option: ").partition(". Did you mean ")
            guess = guess.split("?")[0]
            meant = words.meant.format(name=guess) if guess else ""
            return words.unknown.format(command=command, name=name.rstrip("."), meant=meant)
        case UnknownCommandError():
            # The parser lists the first eight commands only, and in the order of the source.
            name, _, guess = str(error).removeprefix('Unknown command "').partition('".')
            meant = guess.partition('Did you mean "')[2].partition('"')[0]
            return words.unknown.format(
                command=command, name=name, meant=words.meant.format(name=meant) if meant else ""
            )
        case UnusedCliTokensError():
            return words.left.format(command=command, name=" ".join(map(str, error.unused_tokens or ())))
        case _:
            return words.other.format(command=command, message=str(error).rstrip("."))
