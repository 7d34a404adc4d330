import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { AppError, asAppError, fromWireError } from '../../core/errors.ts';
import type { EngineStatus } from '../../engine/api.ts';
import { fullDate } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { resultWords } from '../messages/results.ts';
import { errorText } from '../parts/error-text.ts';
import { pauseText } from '../parts/page-state.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { type HealthFacts, healthReport } from './health-report.ts';
import {
  foundShare,
  quantile,
  runSelfTest,
  type SelfTestResult,
  testedPlaces,
  worstOf,
} from './self-test.ts';
import { Section } from './setting.tsx';

const mostWorst = 5;

/** Whether everything runs, in plain words, and how well the search finds the person's own pages. */
export function HealthSection({ ask, version }: { readonly ask: Ask; readonly version: string }) {
  const load = useCallback(async () => {
    const [status, [last], pause, settings, problems] = await Promise.all([
      ask('page-engine:status', null),
      ask('page-engine:recent-pages', { limit: 1 }).catch(() => []),
      ask('page-background:get-pause', null),
      ask('page-background:get-settings', null),
      ask('page-background:problems', null),
    ]);
    return { status, lastReadAt: last?.lastReadAt ?? null, pause, settings, problems };
  }, [ask]);
  const facts = useAnswer(load);
  const [selfTest, setSelfTest] = useState<SelfTestResult | null>(null);
  const { value } = facts;
  return (
    <Section id="health" title={t(optionWords.health)}>
      {facts.error && <p class="problem">{errorText(facts.error)}</p>}
      {value && (
        <>
          <dl class="facts">
            <Fact name={t(optionWords.state)}>{stateText(value.status)}</Fact>
            <Fact name={t(optionWords.index)}>
              {t(optionWords.indexLine, {
                count: value.status.pageCount,
                passages: value.status.passageCount,
              })}
            </Fact>
            <Fact name={t(optionWords.lastRead)}>
              {value.lastReadAt === null
                ? t(optionWords.noReading)
                : fullDate(language.value, value.lastReadAt)}
            </Fact>
            {value.pause.kind !== 'none' && (
              <Fact name={t(optionWords.pauseNow)}>{pauseText(value.pause)}</Fact>
            )}
            {value.status.repaired.segments + value.status.repaired.pages > 0 && (
              <Fact name={t(optionWords.repaired)}>
                {t(optionWords.repairedLine, value.status.repaired)}
              </Fact>
            )}
            {value.status.fallbacks > 0 && (
              <Fact name={t(optionWords.fallbacks)}>
                {t(optionWords.fallbacksLine, { count: value.status.fallbacks })}
              </Fact>
            )}
            <Fact name={t(optionWords.problems)}>
              {value.problems.length === 0 ? (
                t(optionWords.noProblems)
              ) : (
                <ul>
                  {value.problems.map(({ code, at }) => (
                    <li key={at}>
                      {fullDate(language.value, at)}: {errorText(new AppError(code, code))}
                    </li>
                  ))}
                </ul>
              )}
            </Fact>
          </dl>
          <SelfTest ask={ask} result={selfTest} onResult={setSelfTest} />
          <Report facts={{ ...value, version, browser: navigator.userAgent, selfTest }} />
        </>
      )}
    </Section>
  );
}

function Fact(props: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function stateText(status: EngineStatus): string {
  switch (status.state) {
    case 'ready':
      return t(optionWords.stateReady);
    case 'starting':
      return t(optionWords.stateStarting);
    case 'failed':
      return errorText(fromWireError(status.error));
  }
}

function SelfTest(props: {
  readonly ask: Ask;
  readonly result: SelfTestResult | null;
  onResult(result: SelfTestResult | null): void;
}) {
  const { ask, result, onResult } = props;
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const work = useRef(new AbortController());
  useEffect(() => () => work.current.abort(), []);
  const start = () => {
    work.current = new AbortController();
    setError(null);
    onResult(null);
    setProgress({ done: 0, total: 0 });
    runSelfTest(ask, work.current.signal, (done, total) => setProgress({ done, total }))
      .then(onResult, (thrown: unknown) => setError(asAppError(thrown)))
      .finally(() => setProgress(null));
  };
  return (
    <>
      <h3>{t(optionWords.selfTest)}</h3>
      <p class="help">{t(optionWords.selfTestHelp)}</p>
      <p class="transfer-way">
        {progress === null ? (
          <button type="button" class="button" onClick={start}>
            {t(optionWords.selfTestRun)}
          </button>
        ) : (
          <>
            <progress
              value={progress.done}
              max={Math.max(1, progress.total)}
              aria-label={t(optionWords.selfTest)}
            />
            <button type="button" class="button" onClick={() => work.current.abort()}>
              {t(optionWords.stop)}
            </button>
          </>
        )}
      </p>
      {error && <p class="problem">{errorText(error)}</p>}
      <div role="status">{result && <Outcome result={result} />}</div>
    </>
  );
}

function Outcome({ result: { tested, times } }: { readonly result: SelfTestResult }) {
  if (tested.length === 0) return <p>{t(optionWords.selfTestNothing)}</p>;
  const worst = worstOf(tested, mostWorst);
  return (
    <>
      <p>
        <strong>
          {t(optionWords.selfTestFound, { share: foundShare(tested), count: tested.length })}
        </strong>{' '}
        {t(optionWords.selfTestTimes, {
          half: Math.round(quantile(times, 0.5)),
          most: Math.round(quantile(times, 0.95)),
        })}
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

function Report({ facts }: { readonly facts: HealthFacts }) {
  const [isCopied, setCopied] = useState(false);
  const text = healthReport(facts);
  return (
    <details>
      <summary>{t(optionWords.report)}</summary>
      <p class="help">{t(optionWords.reportHelp)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling text must be reachable by keyboard */}
      <pre class="report" tabIndex={0}>
        {text}
      </pre>
      <button
        type="button"
        class="button"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {t(optionWords.copy)}
      </button>{' '}
      <span role="status">{isCopied ? t(optionWords.copied) : ''}</span>
    </details>
  );
}
