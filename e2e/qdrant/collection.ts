/** Points and filters of one collection, with Qdrant's meaning, for the operations Dejalu uses. */

export interface Point {
  readonly id: string;
  readonly payload: Record<string, unknown>;
  readonly vectors: Record<string, readonly number[]>;
}

interface Condition {
  key?: string;
  match?: { value?: unknown; any?: unknown[] };
  range?: { gt?: number; gte?: number; lt?: number; lte?: number };
  has_id?: string[];
}

export interface Filter {
  must?: Condition[] | Condition;
  must_not?: Condition[] | Condition;
}

const list = <T>(value: T[] | T | undefined): T[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

function holds(point: Point, condition: Condition): boolean {
  if (condition.has_id !== undefined) return condition.has_id.includes(point.id);
  if (condition.key === undefined)
    throw new Error(`unknown condition ${JSON.stringify(condition)}`);
  const value = point.payload[condition.key];
  if (condition.match !== undefined) {
    const { value: one, any } = condition.match;
    return any === undefined ? value === one : any.includes(value);
  }
  const { gt, gte, lt, lte } = condition.range ?? {};
  return (
    typeof value === 'number' &&
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte)
  );
}

function passes(point: Point, filter: Filter | undefined | null): boolean {
  if (!filter) return true;
  return (
    list(filter.must).every((condition) => holds(point, condition)) &&
    !list(filter.must_not).some((condition) => holds(point, condition))
  );
}

function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector) || 1;
  return vector.map((x) => x / length);
}

export class Collection {
  readonly points = new Map<string, Point>();
  readonly indexes = new Map<string, string>();
  readonly config: Record<string, unknown>;

  constructor(config: Record<string, unknown>) {
    this.config = config;
  }

  upsert(points: { id: string | number; payload?: object | null; vector: object }[]): void {
    const sizes = this.config.vectors as Record<string, { size: number }>;
    for (const { id, payload, vector } of points) {
      const vectors: Record<string, number[]> = {};
      for (const [name, values] of Object.entries(vector as Record<string, number[]>)) {
        const size = sizes[name]?.size;
        if (values.length !== size) {
          throw new Error(`Vector dimension error: expected dim: ${size}, got ${values.length}`);
        }
        // A collection of cosine distance keeps its vectors normalised.
        vectors[name] = normalised(values);
      }
      this.points.set(String(id), { id: String(id), payload: { ...payload }, vectors });
    }
  }

  select(filter?: Filter | null): Point[] {
    // As in Qdrant's strict mode: a filter by a field without an index is refused.
    for (const { key } of [...list(filter?.must), ...list(filter?.must_not)]) {
      if (key !== undefined && !this.indexes.has(key)) {
        throw new Error(`Index required but not found for "${key}"`);
      }
    }
    return [...this.points.values()].filter((point) => passes(point, filter));
  }

  delete(selector: { points?: (string | number)[]; filter?: Filter }): void {
    const ids = selector.points?.map(String) ?? this.select(selector.filter).map(({ id }) => id);
    for (const id of ids) this.points.delete(id);
  }

  scroll(request: {
    filter?: Filter;
    limit?: number;
    /** The id to begin with; not together with an order. */
    offset?: string;
    order_by?: { key: string; direction?: 'asc' | 'desc' };
  }): { points: Point[]; next: string | null } {
    const found = this.select(request.filter);
    const { order_by } = request;
    if (order_by === undefined) {
      found.sort((a, b) => (a.id < b.id ? -1 : 1));
    } else {
      if (this.indexes.get(order_by.key) !== 'integer') {
        throw new Error(`No range index for order_by key: "${order_by.key}"`);
      }
      const sign = order_by.direction === 'desc' ? -1 : 1;
      const value = (point: Point) => Number(point.payload[order_by.key]);
      found.sort((a, b) => sign * (value(a) - value(b)));
    }
    const { limit = 10, offset } = request;
    const start = offset === undefined ? 0 : found.findIndex(({ id }) => id >= offset);
    const rest = start < 0 ? [] : found.slice(start);
    const next = order_by === undefined ? (rest[limit]?.id ?? null) : null;
    return { points: rest.slice(0, limit), next };
  }

  query(request: { query: number[]; using: string; filter?: Filter; limit?: number }) {
    const query = normalised(request.query);
    return this.select(request.filter)
      .flatMap((point) => {
        const vector = point.vectors[request.using];
        if (vector === undefined) return [];
        return [{ point, score: vector.reduce((sum, x, i) => sum + x * (query[i] ?? 0), 0) }];
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, request.limit ?? 10);
  }
}
