import { useCallback, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { ForgetReceipt, ForgetSelection } from '../../engine/api.ts';
import { language, t } from '../i18n/language.ts';
import { fileSize } from '../i18n/sizes.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { Section } from './setting.tsx';
import { Keeping } from './storage-keeping.tsx';

/** Erasing a large store takes longer than an ordinary question. */
const forgetTimeoutMs = 120_000;

export function StorageSection({ ask }: { readonly ask: Ask }) {
  const load = useCallback(() => ask('page-engine:status', null), [ask]);
  const status = useAnswer(load);
  const [receipt, setReceipt] = useState<ForgetReceipt | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [site, setSite] = useState('');
  const [word, setWord] = useState('');
  const lang = language.value;

  const forget = (selection: ForgetSelection) => {
    setFailure(null);
    setReceipt(null);
    ask('page-engine:forget', selection, { timeoutMs: forgetTimeoutMs }).then(
      (proof) => {
        setReceipt(proof);
        status.reload();
      },
      (thrown: unknown) => setFailure(asAppError(thrown)),
    );
  };
  const sizes = Object.entries(status.value?.sizeBytes ?? {});
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  const error = failure ?? status.error;

  return (
    <Section id="storage" title={t(optionWords.storage)}>
      {error && <p class="problem">{errorText(error)}</p>}
      {status.value && (
        <>
          <p>
            {t(optionWords.storageLine, {
              count: status.value.pageCount,
              size: fileSize(lang, total),
            })}
          </p>
          <table>
            <thead>
              <tr>
                <th scope="col">{t(optionWords.kind)}</th>
                <th scope="col" class="number">
                  {t(optionWords.size)}
                </th>
              </tr>
            </thead>
            <tbody>
              {sizes.map(([kind, bytes]) => (
                <tr key={kind}>
                  <th scope="row">{kindName(kind)}</th>
                  <td class="number">{fileSize(lang, bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <Keeping ask={ask} onCompacted={status.reload} />
      <h3>{t(optionWords.forgetSite)}</h3>
      <p class="help">{t(optionWords.forgetSiteHelp)}</p>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          forget({ by: 'site', site: site.trim() });
          setSite('');
        }}
      >
        <input
          class="field"
          aria-label={t(optionWords.site)}
          placeholder="news.example"
          spellcheck={false}
          value={site}
          onInput={(event) => setSite(event.currentTarget.value)}
        />
        <button type="submit" class="button danger" disabled={site.trim() === ''}>
          {t(optionWords.forgetButton)}
        </button>
      </form>
      <h3>{t(optionWords.erase)}</h3>
      <p class="help">{t(optionWords.eraseHelp, { word: t(optionWords.eraseWord) })}</p>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          forget({ by: 'everything' });
          setWord('');
        }}
      >
        <input
          class="field"
          aria-label={t(optionWords.eraseField)}
          value={word}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setWord(event.currentTarget.value)}
        />
        <button
          type="submit"
          class="button danger"
          disabled={word.trim().toLowerCase() !== t(optionWords.eraseWord)}
        >
          {t(optionWords.erase)}
        </button>
      </form>
      <p role="status">
        {receipt &&
          t(optionWords.receipt, {
            what: new Intl.ListFormat(language.value).format([
              t(optionWords.receiptPages, { count: receipt.pages }),
              t(optionWords.receiptPassages, { count: receipt.passages }),
              t(optionWords.receiptVisits, { count: receipt.visits }),
            ]),
            left: Object.values(receipt.left).reduce((sum, left) => sum + left, 0),
          })}
      </p>
    </Section>
  );
}

function kindName(kind: string): string {
  switch (kind) {
    case 'text':
      return t(optionWords.kindText);
    case 'codes':
      return t(optionWords.kindCodes);
    case 'terms':
      return t(optionWords.kindTerms);
    case 'pages':
      return t(optionWords.kindPages);
    default:
      return kind;
  }
}
