"""``python -m tests.mutants.finder COUNT``: find the mutants of the sources, and write those of a sample as JSON.

Run by the Python that has mutmut: its operators make the mutants. The rest of mutmut does not fit: it swaps functions
inside one process, and many tests here have theirs in others.
"""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import libcst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from .mutant import Mutant
from .rooms import SOURCES
from .sample import in_order

ROOT = Path(__file__).parents[2]


class Visitor(MutationVisitor):
    """Looks into decorated functions, too, which mutmut cannot swap: here a mutant is a file of its own."""

    def _skip_node_and_children(self, node: libcst.CSTNode) -> bool:
        decorated = isinstance(node, libcst.FunctionDef) and node.decorators
        return not decorated and super()._skip_node_and_children(node)


class MutatedFile:
    """A file, and all that can be changed in it."""

    def __init__(self, file: Path) -> None:
        self.name = file.relative_to(ROOT).as_posix()
        visitor = Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
        self._module = MetadataWrapper(libcst.parse_module(file.read_text(encoding="utf-8"))).visit(visitor)
        self.mutations = visitor.mutations

    def mutant(self, number: int) -> Mutant | None:
        """Return a mutant, if it is Python at all, and another program."""
        mutation, before = self.mutations[number], self._module.code
        after = deep_replace(self._module, mutation.original_node, mutation.mutated_node).code
        try:
            compile(after, self.name, "exec")
        except SyntaxError:
            return None
        return Mutant.of(self.name, before, after) if after.split() != before.split() else None


def sampled(files: dict[str, MutatedFile]) -> Iterator[Mutant]:
    """Yield all mutants, in the order of the sample; of two that are the same change, one."""
    known = set()
    for name, number in in_order({name: len(file.mutations) for name, file in files.items()}):
        mutant = files[name].mutant(number)
        if mutant and mutant.change not in known:
            known.add(mutant.change)
            yield mutant


def main() -> None:
    """Write how many there are, and the first of them."""
    found = (MutatedFile(file) for source in SOURCES for file in sorted((ROOT / source).rglob("*.py")))
    files = {file.name: file for file in found if file.mutations}
    mutants = [{"change": mutant.change, "text": mutant.text} for mutant in islice(sampled(files), int(sys.argv[1]))]
    json.dump({"of": sum(len(file.mutations) for file in files.values()), "mutants": mutants}, sys.stdout)


if __name__ == "__main__":
    main()
