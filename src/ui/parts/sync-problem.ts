import type { AppError } from '../../core/errors.ts';
import { t } from '../i18n/language.ts';
import { syncWords } from '../messages/sync.ts';
import { errorText } from './error-text.ts';

/** Why the server or the request failed, in the person's words; null for a reason without any. */
export function reasonText(reason: string): string | null {
  switch (reason) {
    case 'address':
      return t(syncWords.badAddress);
    case 'permission':
      return t(syncWords.noPermission);
    case 'insecure':
      return t(syncWords.insecure);
    case 'passphrase':
      return t(syncWords.wrongPassphrase);
    case 'mode':
      return t(syncWords.otherMode);
    case 'unreachable':
      return t(syncWords.unreachable);
    case 'timeout':
      return t(syncWords.timeout);
    case 'certificate':
      return t(syncWords.certificate);
    case 'may-not-create':
      return t(syncWords.mayNotCreate);
    case 'unauthorised':
      return t(syncWords.unauthorised);
    case 'read-only':
      return t(syncWords.readOnly);
    case 'not-found':
      return t(syncWords.notFound);
    case 'busy':
    case 'conflict':
      return t(syncWords.serverBusy);
    case 'too-large':
      return t(syncWords.tooLarge);
    case 'server-error':
      return t(syncWords.serverError);
    case 'not-qdrant':
      return t(syncWords.notQdrant);
    case 'version-too-old':
      return t(syncWords.tooOld);
    case 'wrong-collection':
      return t(syncWords.wrongCollection);
    case 'mirror-gone':
      return t(syncWords.mirrorGone);
    case 'invalid-answer':
      return t(syncWords.invalidAnswer);
    case 'refused':
      return t(syncWords.refused);
    default:
      return null;
  }
}

export function syncErrorText(error: AppError): string {
  return reasonText(String(error.details.reason ?? '')) ?? errorText(error);
}
