/**
 * Reads bytes of a packed part that nobody keeps in memory: `size` of them from `at` on, at once.
 * @throws AppError `storage-corrupt` where they cannot be read
 */
export type ReadPart = (at: number, size: number) => Uint8Array;
