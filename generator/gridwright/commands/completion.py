"""`gridwright completion`: scripts of shells, made by shtab from the parser.

Systems are looked up when somebody completes: the folders of ``specs``, or of what ``--specs``
says, that hold a spec. A name that could be anything but a system's is left out, so that no folder
name is ever read as code.
"""

import argparse
from collections.abc import Iterator

import shtab

from gridwright.commands.arguments import FINE, make_parser
from gridwright.commands.printing import print_result

__all__ = ["command", "completion_script"]


def command(options: argparse.Namespace) -> int:
    """Print the script for one shell."""
    script = completion_script(make_parser(), options.shell)
    if not options.json:
        print(script)
    print_result(options, shell=options.shell, script=script)
    return FINE


_BASH = r"""
_gridwright_systems() {
  local folder=specs number path name
  for ((number = 1; number < COMP_CWORD; number++)); do
    [[ ${COMP_WORDS[number]} == --specs ]] && folder=${COMP_WORDS[number + 1]}
  done
  for path in "$folder"/*/interface.yaml; do
    name=${path%/interface.yaml}
    name=${name##*/}
    [[ $name =~ ^[a-z][a-z0-9_]*$ && $name == "$1"* ]] && printf '%s\n' "$name"
  done
}
"""
_ZSH = r"""
_gridwright_systems() {
  setopt localoptions extendedglob
  local folder=specs number
  local -a found
  for ((number = 1; number < CURRENT; number++)); do
    [[ ${words[number]} == --specs ]] && folder=${words[number + 1]}
  done
  found=(${folder}/*/interface.yaml(N:h:t))
  found=(${(M)found:#[a-z][a-z0-9_]#})
  compadd -a found
}
"""
_FISH = r"""
function _gridwright_systems
  set -l folder specs
  set -l given (commandline -opc)
  for number in (seq (count $given))
    test "$given[$number]" = --specs; and set folder $given[(math $number + 1)]
  end
  for path in $folder/*/interface.yaml
    string match -r '^[a-z][a-z0-9_]*$' (basename (dirname $path))
  end
end
"""
_SYSTEMS = {
    "bash": "_gridwright_systems",
    "zsh": "_gridwright_systems",
    "fish": "(_gridwright_systems)",
}
_BY_METAVAR = {"DIR": shtab.DIRECTORY, "FILE": shtab.FILE, "SYSTEM": _SYSTEMS}


def completion_script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script that makes a shell complete the command.

    Args:
        parser: of the whole command line.
        shell: ``bash``, ``zsh`` or ``fish``.
    """
    for action in _actions(parser):
        wanted = "FILE" if action.dest == "file" else str(action.metavar)
        if wanted in _BY_METAVAR:
            action.complete = _BY_METAVAR[wanted]  # type: ignore[attr-defined] # as shtab wants it
    preamble = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
    # By shell, as shtab documents it; its annotation says text.
    return shtab.complete(parser, shell=shell, preamble=preamble)  # type: ignore[arg-type]


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
