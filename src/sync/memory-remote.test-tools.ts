import type { RemoteIndex, RemoteOperation, RemotePoint } from './ports.ts';

/** Thrown where a process would be killed. */
export class Killed extends Error {}

/** The collection's meaning, without a wire: the server test runs the same code over HTTP. */
export class MemoryRemote implements RemoteIndex {
  readonly points = new Map<string, RemotePoint>();
  readonly #idsByPage = new Map<unknown, Set<string>>();
  /** Kills the next write after this many operations; what was applied stays applied. */
  killAfter: number | null = null;
  /** Called before and after each write is applied; what it throws is the request's failure. */
  fault: (when: 'before' | 'after') => void = () => undefined;

  async write(operations: readonly RemoteOperation[]): Promise<void> {
    this.fault('before');
    for (const operation of operations) {
      if (this.killAfter === 0) {
        this.killAfter = null;
        throw new Killed();
      }
      if (this.killAfter !== null) this.killAfter--;
      this.#apply(operation);
    }
    if (this.killAfter !== null) {
      // The answer is lost after the write.
      this.killAfter = null;
      throw new Killed();
    }
    this.fault('after');
  }

  #apply(operation: RemoteOperation): void {
    if (operation.kind === 'upsert') {
      for (const point of operation.points) this.#put(point);
      return;
    }
    const ids = this.#idsByPage.get(operation.page) ?? new Set();
    for (const id of ids) {
      const payload = this.points.get(id)?.payload;
      if (payload === undefined) continue;
      const goes =
        operation.kind === 'delete-older'
          ? (payload.epoch as number) < operation.beforeEpoch
          : payload.kind === 'passage' && !operation.keep.includes(id);
      if (!goes) continue;
      this.points.delete(id);
      ids.delete(id);
    }
  }

  #put(point: RemotePoint): void {
    this.points.set(point.id, point);
    const { page } = point.payload;
    const ids = this.#idsByPage.get(page);
    if (ids === undefined) this.#idsByPage.set(page, new Set([point.id]));
    else ids.add(point.id);
  }

  #records(): RemotePoint[] {
    return [...this.points.values()].filter((point) => point.payload.kind === 'record');
  }

  async recordsAfter(device: string, sequence: number, limit: number) {
    return this.#records()
      .filter(({ payload }) => payload.device === device && (payload.sequence as number) > sequence)
      .sort((a, b) => (a.payload.sequence as number) - (b.payload.sequence as number))
      .slice(0, limit);
  }

  async recordHeads(pages: readonly string[]) {
    return this.#records().filter(({ payload }) => pages.includes(String(payload.page)));
  }

  async readPoints(ids: readonly string[]) {
    return ids.flatMap((id) => this.points.get(id) ?? []);
  }

  async devices() {
    return [...this.points.values()].filter((point) => point.payload.kind === 'device');
  }

  async search(vector: Float32Array, limit: number) {
    return [...this.points.values()]
      .flatMap(({ vector: own, payload }) => {
        if (own === undefined) return [];
        const score = own.reduce((sum, x, i) => sum + x * (vector[i] ?? 0), 0);
        return [{ page: String(payload.page), passageIndex: Number(payload.index), score }];
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }

  async count() {
    return this.points.size;
  }

  async deleteEverything() {
    this.points.clear();
    this.#idsByPage.clear();
  }
}
