"""What a run uses of AWS, counted as AWS counts it."""

from dataclasses import dataclass


@dataclass
class Meter:
    """Counts.

    Attributes
    ----------
    transitions
        Of states; each retry is one, and each child of a Distributed Map that begins.
    invocations, seconds, gb_seconds
        Of functions.
    puts, gets
        Requests to S3: PUT, POST and LIST; GET.
    reads, writes
        DynamoDB's request units.
    jobs
        Those that were made.
    looks
        Looks at all live jobs.
    busy
        Starts for which there was no room.
    most_busy
        The same, of the child that had most.
    """

    transitions: int = 0
    invocations: int = 0
    seconds: float = 0
    gb_seconds: float = 0
    puts: int = 0
    gets: int = 0
    reads: int = 0
    writes: int = 0
    jobs: int = 0
    looks: int = 0
    busy: int = 0
    most_busy: int = 0

    def invoked(self, memory: int, seconds: float) -> None:
        """Count an invocation of a function with so many MB."""
        self.invocations += 1
        self.seconds += seconds
        self.gb_seconds += seconds * memory / 1024

    def stored(self, *, puts: int = 0, gets: int = 0) -> None:
        """Count requests to S3."""
        self.puts += puts
        self.gets += gets
