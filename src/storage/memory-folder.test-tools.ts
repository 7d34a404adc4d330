import type { FileFolder, OpenFile } from './segment-files.ts';

/** A folder of files in memory, as strict as a browser's: a file that is open is not removed. */
export class MemoryFolder implements FileFolder {
  readonly files = new Map<string, Uint8Array>();
  readonly #open = new Map<string, number>();
  /** How many files may be written before the disk is full. */
  room = Number.POSITIVE_INFINITY;
  /** Thrown by each opening while it is set. */
  refusal: DOMException | null = null;
  /** Reading fewer bytes than this fails. */
  leastRead = 0;

  async names(): Promise<readonly string[]> {
    return [...this.files.keys()];
  }

  async write(name: string, parts: readonly Uint8Array[]): Promise<void> {
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    const bytes = new Uint8Array(size);
    this.files.set(name, bytes.subarray(0, size >> 1));
    if (this.room-- <= 0) throw new DOMException('full', 'QuotaExceededError');
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.files.set(name, bytes);
  }

  async open(name: string): Promise<OpenFile | null> {
    if (this.refusal !== null) throw this.refusal;
    if (!this.files.has(name)) return null;
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    return {
      read: (into, at) => {
        if (into.length < this.leastRead) throw new DOMException('no', 'InvalidStateError');
        const bytes = (this.files.get(name) ?? new Uint8Array(0)).subarray(at, at + into.length);
        into.set(bytes);
        return bytes.length;
      },
      close: () => this.#open.set(name, (this.#open.get(name) ?? 0) - 1),
    };
  }

  async remove(name: string): Promise<void> {
    if ((this.#open.get(name) ?? 0) > 0) {
      throw new DOMException(`${name} is open`, 'NoModificationAllowedError');
    }
    this.files.delete(name);
  }

  get openCount(): number {
    return [...this.#open.values()].reduce((sum, count) => sum + count, 0);
  }
}
