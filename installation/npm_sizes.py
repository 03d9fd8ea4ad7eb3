"""``python -m installation.npm_sizes FOLDER…``: write down how large the packages of locks are."""

import json
import subprocess
import sys
from pathlib import Path

from installation.npm import SIZES, packages


def main() -> None:
    """Ask for all packages of all folders."""
    wanted = sorted({each for folder in sys.argv[1:] for each in packages(Path(folder))})
    npm = str(Path(sys.executable).with_name("npm"))
    told = subprocess.run(  # noqa: S603 - npm itself
        [npm, "pack", "--dry-run", "--json", *wanted], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True
    ).stdout
    sizes = {each["id"]: each["size"] for each in json.loads(told)}
    SIZES.write_text(f"{json.dumps(sizes, indent=2, sort_keys=True)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
