import type { Pause } from '../../core/page/settings.ts';
import type { NotReadableReason, PageState, PrivateReason } from '../../core/page/state.ts';
import { clockTime } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import type { IconName } from '../icons/lucide.ts';
import { reasonWords, stateWords } from '../messages/state.ts';

/** How the state of the page in front looks and reads. */
export interface StateView {
  readonly icon: IconName;
  /** One or two words. */
  readonly name: string;
  /** One sentence. */
  readonly line: string;
}

export function stateView(state: PageState): StateView {
  switch (state.state) {
    case 'stored':
      return {
        icon: 'circleCheck',
        name: t(stateWords.stored),
        line: t(stateWords.storedLine, { count: state.page.readCount }),
      };
    case 'reading':
      return {
        icon: 'clock',
        name: t(stateWords.reading),
        line:
          state.progress === undefined
            ? t(stateWords.readingLine)
            : t(stateWords.readingSheets, { ...state.progress }),
      };
    case 'held':
      return {
        icon: 'shieldAlert',
        name: t(stateWords.held),
        line: t(stateWords.heldLine, { reason: reasonsText(state.held.reasons) }),
      };
    case 'excluded':
      return {
        icon: 'ban',
        name: t(stateWords.excluded),
        line: t(stateWords.excludedLine, { pattern: state.rule.pattern }),
      };
    case 'paused':
      return { icon: 'circlePause', name: t(stateWords.paused), line: pauseText(state.pause) };
    case 'not-readable':
      return {
        icon: 'eyeOff',
        name: t(stateWords.notReadable),
        line: notReadableText(state.reason, state.privateReasons),
      };
  }
}

/** "Paused until 15:10"; empty when nothing is paused. */
export function pauseText(pause: Pause): string {
  switch (pause.kind) {
    case 'none':
      return '';
    case 'until':
      return t(stateWords.pausedUntil, { time: clockTime(language.value, pause.at) });
    case 'restart':
      return t(stateWords.pausedRestart);
    case 'for-good':
      return t(stateWords.pausedForGood);
  }
}

export function reasonsText(reasons: readonly PrivateReason[]): string {
  return [...new Set(reasons.map(reasonText))].join(', ');
}

function notReadableText(reason: NotReadableReason, reasons: readonly PrivateReason[]): string {
  switch (reason) {
    case 'no-tab':
      return t(stateWords.noTab);
    case 'browser-page':
      return t(stateWords.browserPage);
    case 'needs-reload':
      return t(stateWords.needsReload);
    case 'asleep':
      return t(stateWords.asleep);
    case 'incognito':
      return t(stateWords.incognito);
    case 'private':
      return t(stateWords.privatePage, { reason: reasonsText(reasons) });
    case 'empty':
      return t(stateWords.emptyPage);
    case 'pdf-encrypted':
      return t(stateWords.pdfEncrypted);
    case 'pdf-damaged':
      return t(stateWords.pdfDamaged);
    case 'pdf-too-large':
      return t(stateWords.pdfTooLarge);
    case 'pdf-no-text':
      return t(stateWords.pdfNoText);
    case 'failed':
      return t(stateWords.failedPage);
  }
}

function reasonText(reason: PrivateReason): string {
  switch (reason) {
    case 'incognito':
      return t(reasonWords.incognito);
    case 'container':
      return t(reasonWords.container);
    case 'password-field':
      return t(reasonWords.passwordField);
    case 'card-field':
      return t(reasonWords.cardField);
    case 'one-time-code':
      return t(reasonWords.oneTimeCode);
    case 'login-address':
      return t(reasonWords.loginAddress);
    case 'secret-address':
      return t(reasonWords.secretAddress);
    case 'bank-address':
    case 'bank-words':
    case 'bank-meaning':
      return t(reasonWords.bank);
    case 'health-address':
    case 'health-words':
    case 'health-meaning':
      return t(reasonWords.health);
    case 'mail-address':
    case 'mail-words':
      return t(reasonWords.mail);
    case 'mail-meaning':
      return t(reasonWords.privateMail);
    case 'messages-address':
      return t(reasonWords.messages);
    case 'account-address':
      return t(reasonWords.account);
    case 'not-archived':
      return t(reasonWords.notArchived);
    case 'secret-words':
      return t(reasonWords.secretWords);
  }
}
