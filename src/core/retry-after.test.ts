import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

it('reads Retry-After as seconds and as a date', () => {
  expect(retryAfterMs('30', 0)).toBe(30_000);
  expect(retryAfterMs('Thu, 01 Jan 1970 00:01:00 GMT', 15_000)).toBe(45_000);
  expect(retryAfterMs('soon', 0)).toBeNull();
  expect(retryAfterMs(null, 0)).toBeNull();
});
