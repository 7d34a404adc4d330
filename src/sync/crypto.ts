import { AppError } from '../core/errors.ts';

/**
 * Keys of one mirror. The passphrase opens the master key, the master key makes the others, so
 * changing the passphrase wraps 32 bytes again and re-sends nothing.
 */
export interface MirrorKeys {
  /** AES-256-GCM for payloads. */
  readonly seal: CryptoKey;
  /** HMAC-SHA-256 for ids, page hashes and site names. */
  readonly name: CryptoKey;
  /** 32 bytes that seed the secret rotation of vectors. */
  readonly rotationSeed: Uint8Array<ArrayBuffer>;
}

/** What the collection keeps, readable by its server, so that a passphrase can open the mirror. */
export interface KeyBox {
  readonly kdf: 'PBKDF2-SHA256';
  readonly iterations: number;
  readonly salt: string;
  /** The master key under the passphrase's key: nonce and ciphertext. */
  readonly wrapped: string;
}

/** OWASP's figure for PBKDF2-HMAC-SHA256 (Password Storage Cheat Sheet, 2023 and after). */
export const pbkdf2Iterations = 600_000;
/** A box asking for more is taken for an attack on the processor. */
const maxIterations = 10_000_000;
const minIterations = 100_000;
const nonceBytes = 12;
const masterBytes = 32;

const utf8 = new TextEncoder();

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

/** @throws AppError `bad-request` when the text is not Base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch (cause) {
    throw new AppError('bad-request', 'A value from the mirror is not Base64.', { cause });
  }
}

/**
 * Encrypts with a fresh random nonce. `context` is authenticated, not stored: a ciphertext moved to
 * another point does not open there.
 *
 * @returns nonce (12 bytes), ciphertext and tag
 */
export async function seal(key: CryptoKey, plain: Uint8Array<ArrayBuffer>, context: string) {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const additionalData = utf8.encode(context);
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
  const out = new Uint8Array(nonceBytes + sealed.length);
  out.set(nonce);
  out.set(sealed, nonceBytes);
  return out;
}

/** The inverse of {@link seal}. @throws AppError `remote-failed` when key, context or bytes differ */
export async function unseal(
  key: CryptoKey,
  sealed: Uint8Array<ArrayBuffer>,
  context: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = {
    name: 'AES-GCM',
    iv: sealed.subarray(0, nonceBytes),
    additionalData: utf8.encode(context),
  };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(nonceBytes)));
  } catch (cause) {
    throw new AppError(
      'remote-failed',
      'A value from the mirror does not open: another passphrase wrote it, or it was changed.',
      { cause, details: { reason: 'unseal' } },
    );
  }
}

async function passphraseKey(
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
) {
  // NFC, so that a passphrase with accents or Hangul opens from every keyboard.
  const material = utf8.encode(passphrase.normalize('NFC'));
  const base = await crypto.subtle.importKey('raw', material, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

async function expand(master: Uint8Array<ArrayBuffer>): Promise<MirrorKeys> {
  const base = await crypto.subtle.importKey('raw', master, 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ]);
  const info = (use: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(32),
    info: utf8.encode(`dejalu mirror 1 ${use}`),
  });
  const [sealKey, nameKey, rotationSeed] = await Promise.all([
    crypto.subtle.deriveKey(info('seal'), base, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
    crypto.subtle.deriveKey(
      info('name'),
      base,
      { name: 'HMAC', hash: 'SHA-256', length: 256 },
      false,
      ['sign'],
    ),
    crypto.subtle.deriveBits(info('rotation'), base, 256),
  ]);
  return { seal: sealKey, name: nameKey, rotationSeed: new Uint8Array(rotationSeed) };
}

const boxContext = 'dejalu key box 1';

async function wrap(
  master: Uint8Array<ArrayBuffer>,
  passphrase: string,
  iterations: number,
): Promise<KeyBox> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await passphraseKey(passphrase, salt, iterations);
  return {
    kdf: 'PBKDF2-SHA256',
    iterations,
    salt: toBase64(salt),
    wrapped: toBase64(await seal(key, master, boxContext)),
  };
}

async function unwrap(box: KeyBox, passphrase: string): Promise<Uint8Array<ArrayBuffer>> {
  if (box.kdf !== 'PBKDF2-SHA256') {
    throw new AppError(
      'remote-failed',
      `The mirror's key box uses "${box.kdf}"; only PBKDF2-SHA256 is known.`,
    );
  }
  if (!(box.iterations >= minIterations && box.iterations <= maxIterations)) {
    throw new AppError(
      'remote-failed',
      `The mirror's key box asks for ${box.iterations} iterations; ${minIterations} to ${maxIterations} are allowed.`,
    );
  }
  const key = await passphraseKey(passphrase, fromBase64(box.salt), box.iterations);
  try {
    return await unseal(key, fromBase64(box.wrapped), boxContext);
  } catch (cause) {
    throw new AppError('not-allowed', 'The passphrase does not open this mirror.', {
      cause,
      details: { reason: 'passphrase' },
    });
  }
}

/** Makes the keys of a new mirror and the box that its passphrase opens. */
export async function createKeys(
  passphrase: string,
  iterations = pbkdf2Iterations,
): Promise<{ keys: MirrorKeys; box: KeyBox }> {
  const master = crypto.getRandomValues(new Uint8Array(masterBytes));
  return { keys: await expand(master), box: await wrap(master, passphrase, iterations) };
}

/**
 * Opens an existing mirror.
 * @throws AppError `not-allowed` for a wrong passphrase, `remote-failed` for a box of another kind
 */
export async function openKeys(box: KeyBox, passphrase: string): Promise<MirrorKeys> {
  return expand(await unwrap(box, passphrase));
}

/** The same keys under another passphrase. Nothing of the mirror has to be sent again. */
export async function changePassphrase(
  box: KeyBox,
  from: string,
  to: string,
  iterations = pbkdf2Iterations,
): Promise<KeyBox> {
  return wrap(await unwrap(box, from), to, iterations);
}

/** HMAC-SHA-256 of the parts; each part's length is bound in, so no two lists collide. */
async function keyedHash(key: CryptoKey, parts: readonly string[]): Promise<Uint8Array> {
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text)));
}

/** A keyed name the server can group by and cannot read: 32 hexadecimal digits. */
export async function keyedName(key: CryptoKey, ...parts: string[]): Promise<string> {
  return hex((await keyedHash(key, parts)).subarray(0, 16));
}

/** A deterministic point id: a UUID of version 8 (RFC 9562, custom) from the keyed hash. */
export async function keyedUuid(key: CryptoKey, ...parts: string[]): Promise<string> {
  return uuidOf((await keyedHash(key, parts)).slice(0, 16));
}

/** The most bytes that one derivation by HKDF-SHA-256 gives. */
const mostDerived = 255 * 32;

/**
 * Several ids of the same parts: the keyed hash stretched by HKDF. A page's passages get theirs in two
 * turns of the browser's cryptography, not one for each.
 */
export async function keyedUuids(
  key: CryptoKey,
  count: number,
  ...parts: string[]
): Promise<readonly string[]> {
  const root = new Uint8Array(await keyedHash(key, parts));
  const base = await crypto.subtle.importKey('raw', root, 'HKDF', false, ['deriveBits']);
  const most = mostDerived / 16;
  const ids: string[] = [];
  for (let start = 0; start < count; start += most) {
    const part = Math.min(most, count - start);
    const info = utf8.encode(`ids from ${start}`);
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info };
    const bytes = new Uint8Array(await crypto.subtle.deriveBits(algorithm, base, part * 128));
    for (let at = 0; at < bytes.length; at += 16) ids.push(uuidOf(bytes.slice(at, at + 16)));
  }
  return ids;
}

function uuidOf(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const h = hex(bytes);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
