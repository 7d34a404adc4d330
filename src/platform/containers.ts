import { browser } from './browser.ts';

interface ContextualIdentities {
  get(id: string): Promise<{ readonly name: string }>;
}

const privateName = /private|secret|incognito|privat\b|비공개|비밀/i;

/**
 * Whether a Firefox container's name marks it as private. In a browser that has no containers nothing is
 * marked.
 */
export async function isPrivateContainer(containerId: string | null): Promise<boolean> {
  if (containerId === null) return false;
  if (containerId === 'firefox-private') return true;
  const { contextualIdentities } = browser as unknown as {
    contextualIdentities?: ContextualIdentities;
  };
  if (contextualIdentities === undefined) return false;
  try {
    return privateName.test((await contextualIdentities.get(containerId)).name);
  } catch {
    // The container was removed, or containers are switched off.
    return false;
  }
}
