import { type MockInstance, vi } from 'vitest';

/** Lets every put die, as on a full disk, but for the first ones; `mockRestore` ends it. */
export function letPutsDieAfter(survivors: number): MockInstance {
  const realPut = IDBObjectStore.prototype.put;
  let puts = 0;
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...given: Parameters<IDBObjectStore['put']>
  ) {
    if (puts++ >= survivors) throw new DOMException('full', 'QuotaExceededError');
    return realPut.apply(this, given);
  });
}
