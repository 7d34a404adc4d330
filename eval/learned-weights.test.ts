import { expect, it } from 'vitest';
import { type Case, fitWeights } from './learned-weights.ts';
import { seededRandom } from './metrics.ts';

it('gives weight to the channel that knows the page, and none to one that does not', () => {
  const random = seededRandom(3);
  const cases = Array.from({ length: 80 }, (): Case => {
    const own = Math.floor(random() * 20);
    const noise = () => Array.from({ length: 20 }, () => random() * 2 - 1);
    const knows = noise().map((value, i) => value + (i === own ? 2 : 0));
    return { channels: [noise(), knows], own };
  });
  const [idle = 0, telling = 0] = fitWeights(cases, [1, 1]);
  expect(telling).toBeGreaterThan(2);
  expect(idle).toBeLessThan(0.5);
});
