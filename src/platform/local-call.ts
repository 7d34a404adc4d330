import type { MessageListener } from './runtime.ts';
import type { Sender } from './sender.ts';

const self: Sender = {
  kind: 'extension',
  tabId: null,
  frameId: null,
  url: '',
  isIncognito: false,
  containerId: null,
};

/** Delivers messages to a listener of the same context, where the browser would not. */
export function sendLocally(listener: MessageListener): (message: unknown) => Promise<unknown> {
  return (message) =>
    new Promise((resolve) => {
      if (!listener(message, self, resolve)) resolve(undefined);
    });
}
