import { describe, expect, it } from 'vitest';
import { noSignals } from '../core/page/private-rules.ts';
import type { SiteRule } from '../core/page/settings.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { passGate } from './gate.ts';
import { createSettingsStore } from './settings-store.ts';

const open = { isIncognito: false, isPrivateContainer: false };
const clock = { now: 1_000_000 };

async function setUp(rules: readonly SiteRule[] = []) {
  const session = createFakeStore();
  const settings = createSettingsStore(createFakeStore(), session, () => clock.now);
  await settings.change({ rules });
  return { settings, session };
}

describe('the gate', () => {
  it('opens for an ordinary page', async () => {
    const { settings } = await setUp();
    expect(await passGate('https://a.example/x', open, settings)).toEqual({
      isOpen: true,
      action: 'index',
      isOwnRule: false,
    });
  });

  it('is shut in private windows and containers before anything else', async () => {
    const { settings } = await setUp([{ pattern: 'a.example', action: 'index' }]);
    const url = 'https://a.example/';
    expect(await passGate(url, { ...open, isIncognito: true }, settings)).toMatchObject({
      why: 'incognito',
    });
    expect(await passGate(url, { ...open, isPrivateContainer: true }, settings)).toMatchObject({
      why: 'private',
    });
  });

  it('is shut for rules, secrets and fields; the person’s own word opens it', async () => {
    const { settings } = await setUp([{ pattern: 'b.example', action: 'never' }]);
    expect(await passGate('https://b.example/', open, settings)).toMatchObject({ why: 'excluded' });
    expect(await passGate('https://mail.google.com/mail', open, settings)).toMatchObject({
      why: 'excluded',
    });
    const login = 'https://c.example/login';
    const signals = { ...noSignals, hasPasswordField: true };
    expect(await passGate(login, open, settings, signals)).toMatchObject({
      why: 'private',
      reasons: ['password-field', 'login-address'],
    });
    await settings.change({ rules: [{ pattern: 'c.example', action: 'index' }] });
    expect(await passGate(login, open, settings, signals)).toMatchObject({ isOpen: true });
  });

  it('is shut while paused, and a pause of 15 minutes ends by itself', async () => {
    const { settings, session } = await setUp();
    const isOpen = async () => (await passGate('https://a.example/', open, settings)).isOpen;
    expect(await settings.setPause('15-minutes')).toEqual({
      kind: 'until',
      at: clock.now + 900_000,
    });
    expect(await isOpen()).toBe(false);
    clock.now += 900_001;
    expect(await isOpen()).toBe(true);
    await settings.setPause('until-restart');
    expect(await isOpen()).toBe(false);
    session.values.clear();
    expect(await isOpen()).toBe(true);
    await settings.setPause('for-good');
    session.values.clear();
    expect(await isOpen()).toBe(false);
    await settings.setPause('none');
    expect(await isOpen()).toBe(true);
  });

  it('lets titles of searches through', async () => {
    const { settings } = await setUp();
    expect(await passGate('https://www.google.com/search?q=x', open, settings)).toMatchObject({
      action: 'title-only',
    });
  });
});
