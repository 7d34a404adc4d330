import type * as PlotLibrary from '@observablehq/plot';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { chartWords } from '../messages/charts.ts';

export type Plot = typeof PlotLibrary;

/** A table's cell: words, or a number as the person's language writes it. */
export type Cell = string;

export interface ChartProps {
  readonly title: string;
  /** What the picture shows, in a sentence. */
  readonly summary: string;
  /** The same as a table: names of its columns, then its rows; the first column is words. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Draws it; called anew when its identity changes. */
  draw(plot: Plot): SVGElement | HTMLElement;
}

/** A picture with its sentence above and its table below. */
export function Chart({ title, summary, columns, rows, draw }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isCurrent = true;
    // The library is many times the rest of the page, which need not wait for it.
    void import('@observablehq/plot').then((plot) => {
      if (!isCurrent) return;
      const drawn = draw(plot);
      // What a screen reader is told stands on the frame; the marks within would only chatter.
      drawn.setAttribute('aria-hidden', 'true');
      place.current?.replaceChildren(drawn);
    });
    return () => {
      isCurrent = false;
    };
  }, [draw]);
  return (
    <div class="chart">
      <h3>{title}</h3>
      <p class="help">{summary}</p>
      <div class="chart-place" role="img" aria-label={`${title}. ${summary}`} ref={place} />
      <details>
        <summary>{t(chartWords.asTable)}</summary>
        <table>
          <thead>
            <tr>
              {columns.map((name, place) => (
                <th key={name} scope="col" class={place > 0 ? 'number' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name = '', ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, place) => (
                  // A cell has no identity but its column.
                  <td key={columns[place + 1]} class="number">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
