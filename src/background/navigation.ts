import { asAppError } from '../core/errors.ts';
import { request } from '../messaging/client.ts';
import { sendTabMessage } from '../platform/runtime.ts';

/** No content script (a file that is no page, a tab opened before the installation), or one asleep. */
const nobodyThere: readonly string[] = ['host-gone', 'timeout'];

/**
 * Has the content script of a tab look at its address. Nothing of the event is passed on: the script
 * knows better what its page shows by now. One that is asleep looks when it wakes.
 */
export async function tellOfNavigation(
  tabId: number,
  send: (tabId: number, message: unknown) => Promise<unknown> = sendTabMessage,
): Promise<void> {
  try {
    await request(
      (envelope) => send(tabId, envelope),
      'content',
      'background-content:address-changed',
      null,
    );
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!nobodyThere.includes(error.code)) throw error;
  }
}
