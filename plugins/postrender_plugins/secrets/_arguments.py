"""Arguments of programs: which word of a list is the value of which option."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

_OPTION: Final = re.compile(r"--?([A-Za-z][\w.-]{0,80})=(.*)", re.DOTALL)
_FLAG: Final = re.compile(r"--?([A-Za-z][\w.-]{0,80})")
#: As in `aws configure set aws_secret_access_key X`.
_NAME: Final = re.compile(r"[a-z]{2,20}(?:[._][a-z]{2,20}){1,6}")
#: What the short options of well-known programs take.
_SHORT: Final = {
    "redis-cli": {"-a": "password"},
    "valkey-cli": {"-a": "password"},
    "curl": {"-u": "basic-auth", "--user": "basic-auth"},
    "docker": {"-p": "password"},
    "podman": {"-p": "password"},
    "sshpass": {"-p": "password"},
    "ldapsearch": {"-w": "password"},
    "sqlcmd": {"-P": "password"},
    "mongosh": {"-p": "password"},
    "mongo": {"-p": "password"},
}
_GLUED: Final = frozenset(("mysql", "mysqladmin", "mysqldump", "mariadb", "sshpass"))


def pairs(items: Sequence[Any]) -> Iterator[tuple[int, str, str]]:
    """Give index, name and value of each word of a command line; the name may be ""."""
    words = [each if type(each) is str else "" for each in items]
    programs = {word.rpartition("/")[2] for word in words if word}
    short = {flag: name for program in programs for flag, name in _SHORT.get(program, {}).items()}
    for index, word in enumerate(words):
        option = _OPTION.fullmatch(word)
        before = words[index - 1] if index else ""
        if option:
            yield index, option[1], option[2]
        elif before in short:
            yield index, short[before], word
        elif word[:2] == "-p" and len(word) > 5 and programs & _GLUED:  # noqa: PLR2004
            yield index, "password", word[2:]
        elif not word.startswith("-") and (flag := _FLAG.fullmatch(before)):
            yield index, flag[1], word
        elif _NAME.fullmatch(before):
            yield index, before, word
        else:
            yield index, "", word
