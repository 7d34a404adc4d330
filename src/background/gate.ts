import { isFileAddress, isWebAddress } from '../core/page/page-key.ts';
import { judgePage, noSignals, type PrivateSignals } from '../core/page/private-rules.ts';
import type { RuleAction } from '../core/page/settings.ts';
import { findRule } from '../core/page/site-rules.ts';
import type { PrivateReason } from '../core/page/state.ts';
import type { Refusal } from '../messaging/content-protocol.ts';
import type { Sender } from '../platform/sender.ts';
import type { SettingsStore } from './settings-store.ts';

/** Whether a page may be read, and if not, why. */
export type GateAnswer =
  | {
      readonly isOpen: true;
      readonly action: Exclude<RuleAction, 'never'>;
      readonly isOwnRule: boolean;
    }
  | { readonly isOpen: false; readonly why: Refusal; readonly reasons: readonly PrivateReason[] };

const closed = (why: Refusal, reasons: readonly PrivateReason[] = []): GateAnswer => ({
  isOpen: false,
  why,
  reasons,
});

/**
 * Decides about an address before any text is asked for: incognito and private containers, pause,
 * rules, and what the address and the page's fields say. A rule of the person's own that says
 * "index" lets a page through that would look private.
 */
export async function passGate(
  url: string,
  sender: Pick<Sender, 'isIncognito'> & { readonly isPrivateContainer: boolean },
  settings: SettingsStore,
  signals: PrivateSignals = noSignals,
): Promise<GateAnswer> {
  if (sender.isIncognito) return closed('incognito', ['incognito']);
  if (sender.isPrivateContainer) return closed('private', ['container']);
  if (!isWebAddress(url) && !isFileAddress(url)) return closed('not-web');
  if ((await settings.pause()).kind !== 'none') return closed('paused');
  const match = findRule(url, await settings.get());
  if (match?.rule.action === 'never') return closed('excluded');
  const isOwnRule = match !== null && !match.isDefaultRule;
  if (!isOwnRule) {
    const judgement = judgePage({ url, title: '', text: '', signals });
    if (judgement.verdict === 'private') return closed('private', judgement.reasons);
  }
  return {
    isOpen: true,
    action: match?.rule.action === 'title-only' ? 'title-only' : 'index',
    isOwnRule,
  };
}
