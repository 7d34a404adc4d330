"""Qdrant's own engine as a second oracle: the requests of a mirror, done by `qdrant-edge-py`.

Reads from standard input {"vectors": ..., "indexes": ..., "requests": [{"path", "body"}]}, the bodies
as they went over the wire. Prints one answer a request: null for a write, ids (with scores) or a count
for a read.
"""

import json
import sys
import tempfile
import uuid

from qdrant_edge import (
    BinaryQuantizationConfig,
    BinaryQuantizationEncoding,
    BinaryQuantizationQueryEncoding,
    CountRequest,
    Direction,
    Distance,
    EdgeConfig,
    EdgeOptimizersConfig,
    EdgeShard,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    HasIdCondition,
    MatchAny,
    MatchValue,
    OrderBy,
    PayloadSchemaType,
    Point,
    QuantizationSearchParams,
    Query,
    QueryRequest,
    RangeFloat,
    ScrollRequest,
    SearchParams,
    UpdateOperation,
)


def condition(given):
    if "has_id" in given:
        return HasIdCondition({uuid.UUID(id) for id in given["has_id"]})
    key = given["key"]
    if "range" in given:
        return FieldCondition(key, range=RangeFloat(**given["range"]))
    match = given["match"]
    return FieldCondition(key, match=MatchAny(match["any"]) if "any" in match else MatchValue(match["value"]))


def filter_of(given):
    if not given:
        return None
    return Filter(
        must=[condition(each) for each in given.get("must", [])],
        must_not=[condition(each) for each in given.get("must_not", [])],
    )


def upsert(shard, points):
    made = [
        Point(uuid.UUID(p["id"]), {name: [float(x) for x in v] for name, v in p["vector"].items()}, p["payload"])
        for p in points
    ]
    shard.update(UpdateOperation.upsert_points(made))


def delete(shard, given):
    if "filter" in given:
        shard.update(UpdateOperation.delete_points_by_filter(filter_of(given["filter"])))
    elif given["points"]:
        shard.update(UpdateOperation.delete_points([uuid.UUID(id) for id in given["points"]]))


def scroll(shard, given):
    order = given.get("order_by")
    by = OrderBy(order["key"], Direction.Asc) if order else None
    points, _ = shard.scroll(ScrollRequest(limit=given["limit"], filter=filter_of(given.get("filter")), order_by=by))
    return [str(point.id) for point in points]


def query(shard, given):
    quantization = QuantizationSearchParams(**given["params"]["quantization"])
    vector = [float(x) for x in given["query"]]
    found = shard.query(
        QueryRequest(
            limit=given["limit"],
            query=Query.Nearest(vector, using=given["using"]),
            filter=filter_of(given.get("filter")),
            params=SearchParams(quantization=quantization),
        )
    )
    return [[str(point.id), point.score] for point in found]


def answer(shard, path, given):
    what = path.rsplit("/", 1)[-1]
    if what == "batch":
        for operation in given["operations"]:
            if "upsert" in operation:
                upsert(shard, operation["upsert"]["points"])
            else:
                delete(shard, operation["delete"])
        return None
    if what == "delete":
        delete(shard, given)
        return None
    if what == "scroll":
        return scroll(shard, given)
    if what == "count":
        return shard.count(CountRequest(exact=True, filter=filter_of(given.get("filter"))))
    if what == "points":
        found = shard.retrieve([uuid.UUID(id) for id in given["ids"]], with_payload=False, with_vector=False)
        return [str(point.id) for point in found]
    if what == "query":
        # From here on codes are there: what Qdrant does by itself when enough has come.
        shard.optimize()
        return query(shard, given)
    raise ValueError(f"no answer for {path}")


def main():
    given = json.load(sys.stdin)
    codes = BinaryQuantizationConfig(
        always_ram=True,
        encoding=BinaryQuantizationEncoding.TwoBits,
        query_encoding=BinaryQuantizationQueryEncoding.Scalar8Bits,
    )
    vectors = {
        name: EdgeVectorParams(size=v["size"], distance=Distance.Cosine, on_disk=True, quantization_config=codes)
        for name, v in given["vectors"].items()
    }
    kinds = {"keyword": PayloadSchemaType.Keyword, "integer": PayloadSchemaType.Integer}
    with tempfile.TemporaryDirectory() as folder:
        # The least that makes Qdrant build codes and a graph.
        optimizers = EdgeOptimizersConfig(indexing_threshold=1)
        shard = EdgeShard.create(folder, EdgeConfig(vectors=vectors, optimizers=optimizers))
        for field, kind in given["indexes"].items():
            shard.update(UpdateOperation.create_field_index(field, kinds[kind]))
        print(json.dumps([answer(shard, each["path"], each["body"]) for each in given["requests"]]))
        shard.close()


main()
