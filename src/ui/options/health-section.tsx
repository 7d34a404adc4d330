import type { ComponentChildren } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import { AppError, fromWireError } from '../../core/errors.ts';
import type { EngineStatus } from '../../engine/api.ts';
import { fullDate } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import { pauseText } from '../parts/page-state.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { type HealthFacts, healthReport } from './health-report.ts';
import { SelfTestPart } from './self-test-part.tsx';
import { Section } from './setting.tsx';

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
  const loadSelfTest = useCallback(() => ask('page-background:self-test', null), [ask]);
  const selfTest = useAnswer(loadSelfTest);
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
          <SelfTestPart ask={ask} answer={selfTest} />
          <Report
            facts={{
              ...value,
              version,
              browser: navigator.userAgent,
              selfTest: selfTest.value?.last ?? null,
            }}
          />
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
