#!/usr/bin/env bash
# Polars 2.1.0 and pyarrow 26.0.1: a frame that is handed over by Arrow's C stream (pa.table(frame)), the way that both
# document, has its texts as string_view, for which pyarrow has neither fill_null nor sorting, though it compares them; the same
# texts as large_string have all three. Only pa.RecordBatchReader.from_stream(frame, schema) lets one ask for another type.
#
# Seen: string_view, then "refused", "taken" and "refused" for filling, comparing and sorting; "taken" thrice for large_string.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1
seen=$("$folder/venv/bin/python" - <<'PYTHON'
import polars
import pyarrow as pa
import pyarrow.compute as pc


def tried(column: pa.ChunkedArray) -> str:
    answers = []
    for work in (
        lambda: pc.fill_null(column, pa.scalar("", column.type)),
        lambda: pc.equal(column, column),
        lambda: pc.sort_indices(column),
    ):
        try:
            work()
            answers.append("taken")
        except (pa.ArrowNotImplementedError, pa.ArrowTypeError):
            answers.append("refused")
    return " ".join(answers)


column = pa.table(polars.DataFrame({"text": ["b", None, "a"]}))["text"]
print(column.type, tried(column), tried(column.cast(pa.large_string())))
PYTHON
)
echo "$seen"
[ "$seen" = "string_view refused taken refused taken taken taken" ] || { echo "this has changed" >&2; exit 1; }
