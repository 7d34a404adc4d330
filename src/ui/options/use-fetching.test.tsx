// @vitest-environment jsdom
/** @jsxImportSource preact */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { Ask } from '../parts/services.ts';
import { type Fetching, useFetching } from './use-fetching.ts';

test('a background that is stopped in the middle is asked again, and its silence is forgotten', async () => {
  vi.useFakeTimers();
  const asked: string[] = [];
  let state = 'paused';
  let silent = 0;
  const ask = (async (type: string, params: { action?: string } | null) => {
    asked.push(params?.action ?? type);
    if (silent > 0) {
      silent -= 1;
      throw new AppError('host-gone', 'Nobody answered');
    }
    if (params?.action === 'resume') state = 'running';
    return { state };
  }) as unknown as Ask;
  let fetching = null as Fetching | null;
  function Probe() {
    fetching = useFetching(ask);
    return null;
  }
  const pass = (ms: number) =>
    act(async () => {
      await vi.advanceTimersByTimeAsync(ms);
    });
  const root = document.createElement('div');
  await act(async () => render(<Probe />, root));
  await pass(10);
  expect(fetching?.status?.state).toBe('paused');

  // The message that goes on is lost, then one that looks, then another.
  asked.length = 0;
  silent = 1;
  await act(async () => fetching?.control('resume'));
  await pass(10);
  expect(asked.filter((name) => name === 'resume')).toHaveLength(2);
  expect(fetching).toMatchObject({ status: { state: 'running' }, error: null });
  silent = 2;
  await pass(1_100);
  expect(fetching?.error?.code).toBe('host-gone');
  state = 'done';
  await pass(2_200);
  expect(fetching).toMatchObject({ status: { state: 'done' }, error: null });

  // At rest nothing is asked any more.
  asked.length = 0;
  await pass(5_000);
  expect(asked).toEqual([]);
  await act(async () => render(null, root));
  vi.useRealTimers();
});
