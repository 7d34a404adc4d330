// @vitest-environment jsdom
/** @jsxImportSource preact */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { type Answer, useAnswer } from './use-answer.ts';

test('a reply that was asked for before a newer value came does not replace it', async () => {
  const replies: ((value: string) => void)[] = [];
  const question = () => new Promise<string>((resolve) => replies.push(resolve));
  let answer: Answer<string> | undefined;
  function View() {
    answer = useAnswer(question);
    return null;
  }
  const root = document.createElement('div');
  await act(() => render(<View />, root));
  await act(() => answer?.set('paused'));
  await act(() => replies[0]?.('not paused'));
  expect(answer?.value).toBe('paused');

  await act(() => answer?.reload());
  await act(() => answer?.reload());
  await act(() => replies[2]?.('third'));
  await act(() => replies[1]?.('second'));
  expect(answer?.value).toBe('third');
});
