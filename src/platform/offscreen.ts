import { AppError } from '../core/errors.ts';
import { browser } from './browser.ts';

const documentPath = '/offscreen.html';
let creating: Promise<void> | null = null;

async function exists(): Promise<boolean> {
  const contexts = await browser.runtime.getContexts({
    contextTypes: [
      'OFFSCREEN_DOCUMENT' as `${typeof browser.runtime.ContextType.OFFSCREEN_DOCUMENT}`,
    ],
    documentUrls: [browser.runtime.getURL(documentPath)],
  });
  return contexts.length > 0;
}

async function create(): Promise<void> {
  if (await exists()) return;
  try {
    await browser.offscreen.createDocument({
      url: documentPath,
      reasons: ['WORKERS' as `${typeof browser.offscreen.Reason.WORKERS}`],
      justification: 'Runs the search engine in a worker and takes the main text out of pages.',
    });
  } catch (cause) {
    // Another wake of the background may have been quicker.
    if (await exists()) return;
    throw new AppError('host-gone', 'The hidden document that runs the engine cannot be opened', {
      cause,
    });
  }
}

/** Makes the offscreen document exist. Idempotent and single-flight. */
export function ensureOffscreen(): Promise<void> {
  creating ??= create().finally(() => {
    creating = null;
  });
  return creating;
}
