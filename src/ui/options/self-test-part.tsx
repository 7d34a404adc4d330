import { useEffect, useRef, useState } from 'preact/hooks';
import { foundShare, type SelfTestStatus, testedPlaces } from '../../core/self-test.ts';
import { fullDate } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { resultWords } from '../messages/results.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import type { Answer } from '../parts/use-answer.ts';

/** The test of the search on the person's own pages: its last result, and a run by hand. */
export function SelfTestPart(props: {
  readonly ask: Ask;
  readonly answer: Answer<SelfTestStatus>;
}) {
  const { ask, answer } = props;
  const { value, error } = answer;
  const [isRunning, setRunning] = useState(false);
  const mayGoOn = useRef(false);
  // A run that is left goes on at idle.
  useEffect(
    () => () => {
      mayGoOn.current = false;
    },
    [],
  );
  const control = async (action: 'begin' | 'go-on' | 'stop') => {
    const asked = ask('page-background:self-test-control', { action });
    answer.follow(asked);
    return asked;
  };
  const start = async () => {
    mayGoOn.current = true;
    setRunning(true);
    try {
      let status = await control('begin');
      while (mayGoOn.current && status.run !== null) status = await control('go-on');
    } catch {
      // What it failed with is shown above the result.
    }
    setRunning(false);
  };
  const stop = () => {
    mayGoOn.current = false;
    void control('stop').catch(() => {}); // shown too
  };
  const run = value?.run ?? null;
  return (
    <>
      <h3>{t(optionWords.selfTest)}</h3>
      <p class="help">{t(optionWords.selfTestHelp)}</p>
      {run !== null && (
        <p class="transfer-way">
          <progress
            value={run.done}
            max={Math.max(1, run.total)}
            aria-label={t(optionWords.selfTest)}
          />
          <span class="help">
            {t(isRunning ? optionWords.selfTestAsked : optionWords.selfTestWaits, run)}
          </span>
        </p>
      )}
      <p class="transfer-way">
        {isRunning ? (
          <button type="button" class="button" onClick={stop}>
            {t(optionWords.stop)}
          </button>
        ) : (
          <button type="button" class="button" onClick={() => void start()}>
            {t(optionWords.selfTestRun)}
          </button>
        )}
      </p>
      {error && <p class="problem">{errorText(error)}</p>}
      <div role="status">{value?.last && !isRunning && <Outcome last={value.last} />}</div>
    </>
  );
}

function Outcome({ last }: { readonly last: NonNullable<SelfTestStatus['last']> }) {
  const { at, tested, halfMs, mostMs, worst } = last;
  const when = t(optionWords.selfTestAt, { when: fullDate(language.value, at) });
  if (tested === 0) {
    return (
      <p>
        {t(optionWords.selfTestNothing)} <span class="help">{when}</span>
      </p>
    );
  }
  return (
    <>
      <p>
        <strong>{t(optionWords.selfTestFound, { share: foundShare(last), count: tested })}</strong>{' '}
        {t(optionWords.selfTestTimes, { half: halfMs, most: mostMs })}{' '}
        <span class="help">{when}</span>
      </p>
      {worst.length > 0 && (
        <table>
          <caption>{t(optionWords.selfTestWorst)}</caption>
          <thead>
            <tr>
              <th scope="col">{t(optionWords.page)}</th>
              <th scope="col" class="number">
                {t(optionWords.place)}
              </th>
            </tr>
          </thead>
          <tbody>
            {worst.map(({ page, rank }) => (
              <tr key={page.id}>
                <th scope="row" dir="auto">
                  {page.title.trim() || t(resultWords.untitled)}
                </th>
                <td class="number">
                  {rank === 0 ? t(optionWords.notAmong, { places: testedPlaces }) : rank}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
