import { describe, expect, it, vi } from 'vitest';
import type { TabProtocol } from '../messaging/content-protocol.ts';
import { createServer } from '../messaging/server.ts';
import type { Sender } from '../platform/sender.ts';
import { tellOfNavigation } from './navigation.ts';

const background: Sender = {
  kind: 'extension',
  tabId: null,
  frameId: null,
  url: 'chrome-extension://own/background.js',
  isIncognito: false,
  containerId: null,
};

/** A tab whose content script does `look`; how many messages it took. */
function tabThat(look: () => null) {
  const server = createServer<TabProtocol>('content');
  server.handle('background-content:address-changed', 'extension', () => null, look);
  return (sender: Sender) =>
    vi.fn(
      (_tabId: number, message: unknown) =>
        new Promise((respond) => {
          server.listener(message, sender, respond);
        }),
    );
}

describe('a page that takes another address without a load', () => {
  it('is told to look, with nothing of the address in the message', async () => {
    const look = vi.fn(() => null);
    const send = tabThat(look)(background);
    await tellOfNavigation(7, send);
    expect(look).toHaveBeenCalledOnce();
    expect(send).toHaveBeenCalledWith(7, {
      v: 1,
      to: 'content',
      type: 'background-content:address-changed',
      id: expect.any(String),
      params: null,
    });
  });

  it('is told by the extension alone', async () => {
    const look = vi.fn(() => null);
    const asContent = tabThat(look)({ ...background, kind: 'content', tabId: 7, frameId: 0 });
    await expect(tellOfNavigation(7, asContent)).rejects.toMatchObject({ code: 'not-allowed' });
    expect(look).not.toHaveBeenCalled();
  });

  it('may have no content script, or one that is asleep', async () => {
    const nobody = vi.fn(() => Promise.reject(new Error('Receiving end does not exist.')));
    await expect(tellOfNavigation(7, nobody)).resolves.toBeUndefined();
    vi.useFakeTimers();
    const asleep = tellOfNavigation(7, () => new Promise(() => {}));
    await vi.runAllTimersAsync();
    await expect(asleep).resolves.toBeUndefined();
    vi.useRealTimers();
  });

  it('that fails is told of', async () => {
    const send = tabThat(() => {
      throw new Error('broken');
    })(background);
    await expect(tellOfNavigation(7, send)).rejects.toMatchObject({ code: 'internal' });
  });
});
