import { useCallback } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { modelWords } from '../messages/model.ts';
import { optionWords } from '../messages/options.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { Section } from './setting.tsx';

export function AboutSection({ ask, version }: { readonly ask: Ask; readonly version: string }) {
  const load = useCallback(() => ask('page-engine:status', null), [ask]);
  const { value: status } = useAnswer(load);
  return (
    <Section id="about" title={t(optionWords.about)}>
      <dl class="facts">
        <div>
          <dt>{t(optionWords.version)}</dt>
          <dd>{version}</dd>
        </div>
        {status?.model && (
          <div>
            <dt>{t(optionWords.model)}</dt>
            <dd>
              {t(optionWords.modelLine, { name: status.model.name, dims: status.model.dims })}{' '}
              <a href="/model-card.txt">{t(modelWords.card)}</a>
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
