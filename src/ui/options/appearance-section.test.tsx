// @vitest-environment jsdom
/** @jsxImportSource preact */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { showsSiteIcons } from '../parts/site-icons.ts';
import { AppearanceSection } from './appearance-section.tsx';

const platform = vi.hoisted(() => ({ answer: (_isGranted: boolean) => {} }));

vi.mock('../../platform/site-icons.ts', async (original) => ({
  ...(await original<object>()),
  requestSiteIcons: () =>
    new Promise<boolean>((resolve) => {
      platform.answer = resolve;
    }),
}));

test('the switch for icons is on once the browser’s question is answered with yes', async () => {
  const root = document.createElement('div');
  document.body.append(root);
  await act(() => render(<AppearanceSection />, root));
  const label = [...root.querySelectorAll('label')].find((one) =>
    one.textContent?.includes('Show the icons of sites'),
  );
  const box = label?.querySelector('input');
  expect(box?.checked).toBe(false);
  for (const isGranted of [false, true]) {
    await act(() => box?.click());
    expect(showsSiteIcons.value).toBe(false);
    await act(async () => platform.answer(isGranted));
    await vi.waitFor(() => expect(box?.checked).toBe(isGranted));
    expect(showsSiteIcons.value).toBe(isGranted);
  }
});
