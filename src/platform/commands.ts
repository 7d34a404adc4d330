import { AppError } from '../core/errors.ts';
import { browser } from './browser.ts';
import { isFirefoxBuild } from './target.ts';

/** A keyboard command as the browser has it now. */
export interface Shortcut {
  readonly name: string;
  /** In the browser's language; empty for the command that opens the popup. */
  readonly description: string;
  /** As the browser writes it; empty when no keys are set. */
  readonly keys: string;
}

/** Whether keys are set here; in Chrome only its own page may set them. */
export const canChangeShortcuts = isFirefoxBuild;

/** The commands that the browser knows; none where it has no keyboard commands. */
export async function listShortcuts(): Promise<readonly Shortcut[]> {
  const commands = (await browser.commands?.getAll()) ?? [];
  return commands.map(({ name = '', description = '', shortcut = '' }) => ({
    name,
    description,
    keys: shortcut,
  }));
}

/**
 * Sets the keys of a command; empty text takes them away. Firefox only.
 * @throws AppError `bad-request` for keys that the browser does not take
 */
export async function changeShortcut(name: string, keys: string): Promise<void> {
  const { commands } = browser as unknown as {
    commands: { update(detail: { name: string; shortcut: string }): Promise<void> };
  };
  try {
    await commands.update({ name, shortcut: keys });
  } catch (thrown) {
    throw new AppError('bad-request', `"${keys}" cannot be the keys of ${name}: ${thrown}`, {
      details: { name, keys },
    });
  }
}

/** Opens the page of Chrome that sets the keys of extensions. */
export async function openShortcutSettings(): Promise<void> {
  await browser.tabs.create({ url: 'chrome://extensions/shortcuts' });
}
