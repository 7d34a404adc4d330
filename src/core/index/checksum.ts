const prime1 = 0x9e3779b1;
const prime2 = 0x85ebca77;
const prime3 = 0xc2b2ae3d;
const prime4 = 0x27d4eb2f;
const prime5 = 0x165667b1;

const rotated = (value: number, by: number) => (value << by) | (value >>> (32 - by));

/**
 * XXH32 of the bytes (the xxHash specification 0.1.1), continuing from `seed`. Segments are tens of
 * megabytes at a start, and this reads four bytes an instruction where a CRC looks up each.
 */
export function xxh32(bytes: Uint8Array, seed = 0): number {
  const whole = bytes.length - (bytes.length % 4);
  // A view of words needs an aligned start; little-endian is what every browser runs on.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, whole / 4);
  let at = 0;
  let hash: number;
  if (words.length >= 4) {
    let a = (seed + prime1 + prime2) | 0;
    let b = (seed + prime2) | 0;
    let c = seed | 0;
    let d = (seed - prime1) | 0;
    for (; at + 4 <= words.length; at += 4) {
      a = Math.imul(rotated((a + Math.imul(words[at] as number, prime2)) | 0, 13), prime1);
      b = Math.imul(rotated((b + Math.imul(words[at + 1] as number, prime2)) | 0, 13), prime1);
      c = Math.imul(rotated((c + Math.imul(words[at + 2] as number, prime2)) | 0, 13), prime1);
      d = Math.imul(rotated((d + Math.imul(words[at + 3] as number, prime2)) | 0, 13), prime1);
    }
    hash = (rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18)) | 0;
  } else {
    hash = (seed + prime5) | 0;
  }
  hash = (hash + bytes.length) | 0;
  for (; at < words.length; at++) {
    hash = Math.imul(rotated((hash + Math.imul(words[at] as number, prime3)) | 0, 17), prime4);
  }
  for (let rest = whole; rest < bytes.length; rest++) {
    hash = Math.imul(rotated((hash + Math.imul(bytes[rest] as number, prime5)) | 0, 11), prime1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), prime2);
  hash = Math.imul(hash ^ (hash >>> 13), prime3);
  return (hash ^ (hash >>> 16)) >>> 0;
}
