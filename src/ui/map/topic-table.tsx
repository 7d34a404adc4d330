import { dayDate } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { mapWords } from '../messages/map.ts';
import { type ReadingMap, topicName } from './map-data.ts';

const sitesShown = 3;

/** The map in words: each topic with its pages; a name lists them. */
export function TopicTable(props: { readonly map: ReadingMap; choose(name: string): void }) {
  const { map } = props;
  if (map.topics.length === 0) return null;
  return (
    <details class="topics">
      <summary>{t(mapWords.topics, { count: map.topics.length })}</summary>
      <div class="topics-scroller">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(mapWords.topic)}</th>
              <th scope="col" class="number">
                {t(mapWords.pages)}
              </th>
              <th scope="col">{t(mapWords.latest)}</th>
              <th scope="col">{t(mapWords.sites)}</th>
            </tr>
          </thead>
          <tbody>
            {map.topics.map((topic) => {
              const name = topicName(topic);
              const pages = topic.pages.flatMap((place) => map.pages[place] ?? []);
              const latest = pages.reduce((most, page) => Math.max(most, page.lastReadAt), 0);
              return (
                <tr key={name}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link-button"
                      aria-label={t(mapWords.listTopic, { topic: name })}
                      dir="auto"
                      onClick={() => props.choose(name)}
                    >
                      {name}
                    </button>
                  </th>
                  <td class="number">{pages.length}</td>
                  <td>{dayDate(language.value, latest)}</td>
                  <td>{mainSites(pages.map(({ site }) => site)).join(', ')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function mainSites(sites: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const site of sites) counts.set(site, (counts.get(site) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, sitesShown)
    .map(([site]) => site);
}
