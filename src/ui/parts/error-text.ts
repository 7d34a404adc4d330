import type { AppError } from '../../core/errors.ts';
import { t } from '../i18n/language.ts';
import { errorWords } from '../messages/errors.ts';

/** An error in the person's words: what happened, what is safe, what to do. */
export function errorText(error: AppError): string {
  switch (error.code) {
    case 'timeout':
      return t(errorWords.timeout);
    case 'host-gone':
    case 'engine-gone':
    case 'superseded':
    case 'cancelled':
      return t(errorWords.gone);
    case 'engine-failed':
      return t(errorWords.engineFailed);
    case 'model-missing':
    case 'model-invalid':
      return t(errorWords.model);
    case 'storage-unavailable':
      return t(errorWords.storage);
    case 'storage-full':
      return t(errorWords.full);
    case 'storage-corrupt':
      return t(errorWords.corrupt);
    case 'index-format':
      return t(errorWords.newer);
    case 'query-invalid':
      return t(errorWords.query, { reason: error.message });
    case 'remote-failed':
      return t(errorWords.remote);
    case 'bad-request':
    case 'unknown-message':
    case 'not-allowed':
    case 'internal':
      return t(errorWords.internal);
  }
}
