/**
 * One code for a page out of those of its passages: each bit as most passages have it. Where as many
 * have it as not, the first passage decides.
 *
 * @param codes codes of `codeBytes` bytes, one after the other
 * @param into where the page's code is written; `codeBytes` long
 */
export function majorityCode(codes: Uint8Array, codeBytes: number, into: Uint8Array): void {
  const count = codes.length / codeBytes;
  if (count < 3) {
    into.set(codes.subarray(0, codeBytes));
    return;
  }
  const set = new Uint32Array(codeBytes * 8);
  for (let place = 0; place < codes.length; place++) {
    const byte = codes[place] as number;
    const first = (place % codeBytes) * 8;
    for (let bit = 0; bit < 8; bit++) {
      set[first + bit] = (set[first + bit] as number) + ((byte >> bit) & 1);
    }
  }
  for (let place = 0; place < codeBytes; place++) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) {
      const twice = 2 * (set[place * 8 + bit] as number);
      const isSet = twice === count ? ((codes[place] as number) >> bit) & 1 : Number(twice > count);
      byte |= isSet << bit;
    }
    into[place] = byte;
  }
}
