import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TestQdrant } from '../../e2e/qdrant/server.ts';
import { toWireError } from '../core/errors.ts';
import { toBase64 } from './crypto.ts';
import { bees, createDevice, requestTo } from './service.test-tools.ts';
import type { SyncSettings } from './settings.ts';

const apiKey = 'K3Y-that-nobody-may-see';
const passphrase = 'PASS words that nobody may see';
const newer = 'NEWER words that nobody may see';

let qdrant: TestQdrant;

beforeEach(async () => {
  qdrant = await TestQdrant.start({ apiKey });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await qdrant.stop();
});

/** All that a database holds, as text. */
async function dump(name: string): Promise<string> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const rows: unknown[] = [];
  for (const store of db.objectStoreNames) {
    const request = db.transaction(store).objectStore(store).getAll();
    rows.push(
      await new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      }),
    );
  }
  db.close();
  return JSON.stringify(rows, (_, value) =>
    value instanceof Uint8Array ? toBase64(value) : value,
  );
}

it('keeps keys and passphrases out of logs, errors, states and exports, and off the disk once left', async () => {
  const said: string[] = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => {
      said.push(words.map((word) => (word instanceof Error ? word.stack : String(word))).join(' '));
    });
  }
  const database = `secrets-${Math.random()}`;
  const { engine, service, rows, join, until, exchange } = createDevice(qdrant, { database });
  const request = (change = {}) => requestTo(qdrant, { apiKey, passphrase, ...change });
  /** What a page or a report would get of the outcome. */
  const note = async (work: Promise<unknown>) => {
    said.push(
      JSON.stringify(
        await work.then(
          (value) => value,
          (thrown: unknown) => toWireError(thrown),
        ),
      ),
    );
  };
  await engine.readPage(bees);
  await join({ apiKey, passphrase });
  await note(service.syncStatus());
  await note(service.syncChangePassphrase({ from: 'wrong', to: newer }));
  await note(service.syncChangePassphrase({ from: passphrase, to: newer }));
  await note(service.syncSetUp(request({ passphrase: 'wrong' })));
  await note(service.syncSetUp(request({ url: 'http://nas.example:6333' })));
  await note(service.syncSetUp(request({ apiKey: `${apiKey}?` })));
  await note(service.syncTest(request()));
  await note(service.syncTest(request({ collection: 'another' })));
  await note(service.syncNewKeys({ passphrase: newer }));
  await until('idle');
  await service.syncControl('search-all');
  await note(service.syncSearch({ query: 'honey' }));
  for (const status of [400, 401, 403, 413, 422, 500]) {
    qdrant.options = { faultFor: () => ({ kind: 'status', status }) };
    await note(service.syncNewKeys({ passphrase }));
    await note(service.syncRejoin({ passphrase: newer }));
    await note(service.syncSearch({ query: 'honey' }));
    await note(service.syncStatus());
  }
  qdrant.options = { apiKey };
  await exchange();
  await note(engine.exportPages({ after: null, limit: 9 }));
  await note(engine.status());

  const setup = await rows.setup();
  const keys = (setup?.settings as SyncSettings | undefined)?.keys;
  const secrets = [apiKey, passphrase, newer, toBase64(keys?.rotationSeed ?? new Uint8Array(32))];
  for (const key of [keys?.seal, keys?.name]) expect(key?.extractable).toBe(false);
  const heard = said.join('\n');
  expect(heard).toContain('honey');
  const sent = qdrant.requests.map(({ body }) => body).join('\n');
  for (const secret of secrets) {
    expect(heard).not.toContain(secret);
    expect(sent).not.toContain(secret);
  }
  // On the disk while sync is on: the server's key and the seed, as docs/sync.md says, no passphrase.
  const before = await dump(database);
  expect(before).toContain(apiKey);
  for (const words of [passphrase, newer]) expect(before).not.toContain(words);
  await service.syncControl('leave');
  const after = await dump(database);
  expect(after).toContain(bees.url);
  for (const secret of secrets) expect(after).not.toContain(secret);
});
