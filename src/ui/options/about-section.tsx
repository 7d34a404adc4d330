import { useCallback } from 'preact/hooks';
import { fromWireError } from '../../core/errors.ts';
import type { EngineStatus } from '../../engine/api.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { Section } from './setting.tsx';
import { useAnswer } from './use-answer.ts';

export function AboutSection({ ask, version }: { readonly ask: Ask; readonly version: string }) {
  const load = useCallback(() => ask('page-engine:status', null), [ask]);
  const { value: status, error } = useAnswer(load);
  return (
    <Section id="about" title={t(optionWords.about)}>
      <dl class="facts">
        <div>
          <dt>{t(optionWords.version)}</dt>
          <dd>{version}</dd>
        </div>
        {(status || error) && (
          <div>
            <dt>{t(optionWords.state)}</dt>
            <dd>{error ? errorText(error) : status && stateText(status)}</dd>
          </div>
        )}
        {status?.model && (
          <div>
            <dt>{t(optionWords.model)}</dt>
            <dd>
              {t(optionWords.modelLine, { name: status.model.name, dims: status.model.dims })}
            </dd>
          </div>
        )}
        <div>
          <dt>{t(optionWords.licence)}</dt>
          <dd>
            {t(optionWords.licenceLine)} <a href="/licences.txt">{t(optionWords.licences)}</a>
          </dd>
        </div>
      </dl>
    </Section>
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
