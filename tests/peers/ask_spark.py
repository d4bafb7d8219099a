"""Run by a Python that has PySpark: tables and statements come in as JSON, rows go out. Knows nothing of Golden Thread."""

import json
import sys
from datetime import date

from pyspark.sql import SparkSession, types

KINDS = {
    "text": types.StringType(), "date": types.DateType(), "integer": types.IntegerType(), "double precision": types.DoubleType(),
    "boolean": types.BooleanType(),
}  # fmt: skip


def main() -> None:
    spark = (
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2").config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1").getOrCreate()
    )  # fmt: skip
    spark.sparkContext.setLogLevel("ERROR")
    told = []
    for asked in json.load(sys.stdin):
        for table in asked["tables"]:
            schema = types.StructType([types.StructField(name, KINDS[kind]) for name, kind in table["columns"].items()])
            days = [nth for nth, kind in enumerate(table["columns"].values()) if kind == "date"]
            rows = [
                [date.fromisoformat(one) if nth in days and one else one for nth, one in enumerate(row)]
                for row in table["rows"]
            ]
            spark.createDataFrame(rows, schema).createOrReplaceTempView(table["name"])
        for one in asked["queries"]:
            for name, query in one["spells"].items():
                spark.sql(query).cache().createOrReplaceTempView(name)
            told.append([list(row) for row in spark.sql(one["query"]).collect()])
    json.dump(told, sys.stdout, default=float)  # Spark gives decimals


main()
