import { expect, it } from 'vitest';
import { fitMap } from './a-la-carte.ts';

it('fits the map from contexts to vectors', () => {
  const turn = [
    [0, -1, 0.5],
    [1, 0, 0],
    [0, 2, 1],
  ];
  const pairs = Array.from({ length: 40 }, (_, i) => {
    const context = Float64Array.of(Math.sin(i), Math.cos(3 * i), Math.sin(5 * i + 1));
    const own = Float64Array.from(turn, (row) =>
      row.reduce((sum, value, d) => sum + value * (context[d] as number), 0),
    );
    return { context, own };
  });
  const map = fitMap(pairs, 3);
  turn.flat().forEach((value, i) => {
    expect(map[i]).toBeCloseTo(value, 1);
  });
});
