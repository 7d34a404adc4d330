/** A file of the origin's private file system that is open in a worker. */
export interface SyncHandle {
  getSize(): number;
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  close(): void;
}

/** What a worker's file can do beside; not all browsers' types know it, and not all browsers have it. */
export interface WorkerFile {
  createSyncAccessHandle?(options?: { readonly mode: 'read-only' }): Promise<SyncHandle>;
}

/** Whether it is the browser's error of that name. */
export function isNamed(thrown: unknown, name: string): boolean {
  return thrown instanceof DOMException && thrown.name === name;
}
