import { browser } from './browser.ts';
import { home, readSender, type Sender } from './sender.ts';

/** Sends a message to every other context of the extension; resolves with the first answer. */
export function sendRuntimeMessage(message: unknown): Promise<unknown> {
  return browser.runtime.sendMessage(message);
}

/** Sends a message to the content script of a tab's top frame. */
export function sendTabMessage(tabId: number, message: unknown): Promise<unknown> {
  return browser.tabs.sendMessage(tabId, message, { frameId: 0 });
}

/** The address of a file of the extension's package. */
export function extensionUrl(path: string): string {
  return browser.runtime.getURL(path);
}

/** Answers one message; returns false at once when the message is for somebody else. */
export type MessageListener = (
  message: unknown,
  sender: Sender,
  respond: (reply: unknown) => void,
) => boolean;

/** Registers the one listener of a context for messages of the extension's own contexts. */
export function onRuntimeMessage(listener: MessageListener): void {
  browser.runtime.onMessage.addListener((message, sender, respond) =>
    listener(message, readSender(sender, home()), respond),
  );
}

/** The version in the manifest. */
export function extensionVersion(): string {
  return browser.runtime.getManifest().version;
}
