"""What Athena reads a pipeline's results by: a table of the lines that jobs wrote, and a view of one row a record.

The lines are texts, and the view takes them apart. Of the SerDes for JSON, Hive's cannot leave a member as a text, and
OpenX's allows no key twice, while a model may write any, and AWS says that with it "the number of results and their
values can be non-deterministic" (Athena user guide, "OpenX JSON SerDe"). Functions that take a text out of JSON give
null for what is cut off; those that give JSON back fail at half a surrogate pair, so the view has the line itself.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, CfnResource, Names
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_bedrock_batch._api.arn import regional_arn
from cdk_bedrock_batch._cdk import pseudo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdk_bedrock_batch._data.location import Location

_TABLE = "result_lines"
_VIEW = "results"
#: Its window parts the rows by run too: only so does a query's filter of runs go through it to the table's partitions.
_SQL = Path(__file__).with_name("results.sql")
#: The columns of the view, as Hive names their types.
_COLUMNS = {
    "run": "string",
    "record_id": "string",
    "succeeded": "boolean",
    "error_code": "int",
    "error_message": "string",
    "line": "string",
    "job_id": "string",
    "file": "string",
}
_IN_PRESTO = {"string": "varchar", "int": "integer"}
#: Of a name; Athena takes letters, digits and underscores.
_LONGEST = 120


class ResultsTable(Construct):
    """A Glue database with the table and the view.

    Parameters
    ----------
    results
        Where the results of all runs are.
    """

    def __init__(self, scope: Construct, id: str, results: Location) -> None:
        super().__init__(scope, id)
        # Known at synthesis: the view names it in base64, where CloudFormation would find no token.
        self._name = Names.unique_resource_name(scope, max_length=_LONGEST, separator="_").lower()
        database = self._resource("Database", "AWS::Glue::Database", DatabaseInput={"Name": self._name})
        self._table("Lines", database, _lines_below(results))
        self._table("View", database, _view(self._name))
        CfnOutput(self, "DatabaseName", value=self._name, description="For Athena: its view results has a row a record")

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow to look up what the view and its table are."""
        names = ["catalog", f"database/{self._name}", *(f"table/{self._name}/{each}" for each in (_TABLE, _VIEW))]
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["glue:GetDatabase", "glue:GetTable"],
            resource_arns=[regional_arn("glue", name) for name in names],
        )

    def _table(self, id: str, database: CfnResource, described: Mapping[str, object]) -> None:
        self._resource(id, "AWS::Glue::Table", DatabaseName=database.ref, TableInput=described)

    def _resource(self, id: str, type: str, **properties: object) -> CfnResource:
        return CfnResource(self, id, type=type, properties={"CatalogId": pseudo.account(), **properties})


def _lines_below(results: Location) -> dict[str, object]:
    """Describe a table of one column, in which each line of each file is a row.

    Its partitions are the runs, of which a query names those that it reads and pays for: no crawler finds them, and
    none is registered.
    """
    return {
        "Name": _TABLE,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [{"Name": "run", "Type": "string"}],
        "Parameters": {
            "EXTERNAL": "TRUE",
            "projection.enabled": "true",
            "projection.run.type": "injected",
            "storage.location.template": f"{results.uri}${{run}}/",
        },
        "StorageDescriptor": {
            "Location": results.uri,
            "Columns": [{"Name": "line", "Type": "string"}],
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                # Columns end at U+0001, which JSON has no raw one of.
                "Parameters": {"serialization.format": "1"},
            },
        },
    }


def _view(database: str) -> dict[str, object]:
    """Describe the view as Athena's own CREATE VIEW does: https://stackoverflow.com/a/56347331."""
    definition = {
        "originalSql": _SQL.read_text(encoding="utf-8"),
        "catalog": "awsdatacatalog",
        "schema": database,
        "columns": [{"name": name, "type": _IN_PRESTO.get(kind, kind)} for name, kind in _COLUMNS.items()],
    }
    encoded = base64.b64encode(json.dumps(definition).encode()).decode()
    return {
        "Name": _VIEW,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": f"/* Presto View: {encoded} */",
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": kind} for name, kind in _COLUMNS.items()],
            "SerdeInfo": {"Name": "-", "SerializationLibrary": "-"},
        },
    }
