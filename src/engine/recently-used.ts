/** Values by key, the least recently used dropped when they take too much. */
export class RecentlyUsed<K, T extends object> {
  #limit: number;
  readonly #sizeOf: (value: T) => number;
  /** Least recently used first. */
  readonly #values = new Map<K, T>();
  #bytes = 0;

  constructor(limit: number, sizeOf: (value: T) => number) {
    this.#limit = limit;
    this.#sizeOf = sizeOf;
  }

  get(key: K): T | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, value);
    }
    return value;
  }

  set(key: K, value: T): void {
    this.delete(key);
    this.#values.set(key, value);
    this.#bytes += this.#sizeOf(value);
    this.#dropOldest();
  }

  limitTo(bytes: number): void {
    this.#limit = bytes;
    this.#dropOldest();
  }

  has(key: K): boolean {
    return this.#values.has(key);
  }

  /** Takes in a value that nobody asked for yet, unless others would have to go; says whether. */
  add(key: K, value: T): boolean {
    const size = this.#sizeOf(value);
    if (this.#bytes + size > this.#limit) return false;
    this.set(key, value);
    return true;
  }

  delete(key: K): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#bytes -= this.#sizeOf(value);
  }

  clear(): void {
    this.#values.clear();
    this.#bytes = 0;
  }

  #dropOldest(): void {
    for (const oldest of this.#values.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.delete(oldest);
    }
  }
}
