"""What is run in a function's process before ministack's own program for its runtime. Seen in ministack 1.5.33."""

from ministack.core import lambda_runtime

NEEDS = ("core.lambda_runtime._detect_runtime_binary",)


def run_first(runtimes: str, line: str) -> None:
    """Run a line of code first in every function whose runtime's name begins as said.

    Parameters
    ----------
    runtimes
        ``python`` or ``nodejs``.
    line
        In the language of the runtime, with its end.
    """
    detect = lambda_runtime._detect_runtime_binary  # noqa: SLF001 -- no public way in

    def detect_runtime_binary(runtime: str) -> tuple[str, str]:
        program, script = detect(runtime)
        return program, (line + script if runtime.startswith(runtimes) else script)

    lambda_runtime._detect_runtime_binary = detect_runtime_binary  # noqa: SLF001 -- the same
