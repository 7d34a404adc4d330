import { describe, expect, test } from 'vitest';
import { buildNames, filesOf, pageBytes, readBuilt, readManifest, zippedBytes } from './build.ts';

const megabyte = 1e6;
const kilobyte = 1e3;

/** The whole package, as the stores take it. */
const packageBudget = 20 * megabyte;
/** What the popup loads before it can answer, gzipped. */
const popupBudget = 60 * kilobyte;

/** Permissions asked for at installation. Each has its reason in README.md; a new one needs one. */
const permissions = {
  chrome: [
    'alarms',
    'contextMenus',
    'offscreen',
    'sidePanel',
    'storage',
    'unlimitedStorage',
    'webNavigation',
  ],
  firefox: [
    'alarms',
    'contextMenus',
    'contextualIdentities',
    'cookies',
    'storage',
    'unlimitedStorage',
    'webNavigation',
  ],
} as const;

/** Asked for when the person wants what needs them. Firefox keeps no icons for extensions. */
const optionalPermissions = {
  chrome: ['history', 'bookmarks', 'webRequest', 'favicon'],
  firefox: ['history', 'bookmarks', 'webRequest'],
} as const;

describe.each(buildNames)('the %s package', (name) => {
  const manifest = readManifest(name);
  const scripts = filesOf(name).filter((file) => /\.(?:js|mjs)$/.test(file));
  const pages = filesOf(name).filter((file) => file.endsWith('.html'));

  test('asks for the permissions of the list, and for no host outright', () => {
    expect([...manifest.permissions].sort()).toEqual(permissions[name]);
    expect(manifest.optional_permissions).toEqual(optionalPermissions[name]);
    expect(manifest.incognito).toBe('not_allowed');
    expect(manifest.manifest_version).toBe(3);
    expect(manifest.host_permissions ?? []).toEqual([]);
    expect(manifest.optional_host_permissions).toEqual(['http://*/*', 'https://*/*']);
    for (const { matches } of manifest.content_scripts) {
      // Files only where the person has allowed it, and only PDF; Firefox has no use for it.
      const files = name === 'chrome' ? ['file:///*.PDF', 'file:///*.pdf'] : [];
      expect([...matches].sort()).toEqual([...files, 'http://*/*', 'https://*/*']);
    }
  });

  test('lets its own scripts and WebAssembly run, and nothing else', () => {
    const policy = manifest.content_security_policy.extension_pages;
    expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval'(?:;|$)/);
    expect(policy).toMatch(/object-src 'self'|object-src 'none'/);
    expect(policy).not.toMatch(/'unsafe-eval'|'unsafe-inline'.*script|script-src[^;]*https?:/);
  });

  test('offers nothing to web pages', () => {
    expect(manifest.externally_connectable).toBeUndefined();
    expect(manifest.web_accessible_resources ?? []).toEqual([]);
  });

  test('loads no code from the network', () => {
    expect(scripts.length).toBeGreaterThan(2);
    for (const file of [...scripts, ...pages]) {
      const text = readBuilt(name, file);
      expect(text.match(/https?:\/\/[^\s"'`]+\.(?:m?js|wasm)\b/g) ?? [], file).toEqual([]);
      expect(text.match(/importScripts\(\s*["'`]https?:/g) ?? [], file).toEqual([]);
    }
    for (const file of pages) {
      expect(readBuilt(name, file).match(/(?:src|href)="https?:[^"]*"/g) ?? [], file).toEqual([]);
    }
  });

  test('never makes elements or code from text', () => {
    for (const file of scripts) {
      const text = readBuilt(name, file);
      expect(text.match(/\beval\(|new Function\(/g) ?? [], file).toEqual([]);
      expect(text.match(/insertAdjacentHTML|document\.write\(/g) ?? [], file).toEqual([]);
    }
  });

  test('holds no file that only a developer needs', () => {
    expect(filesOf(name).filter((file) => /\.(?:map|ts|tsx|log)$/.test(file))).toEqual([]);
  });

  test(`is at most ${packageBudget / megabyte} MB zipped`, () => {
    const bytes = zippedBytes(name);
    console.log(`${name}: ${(bytes / megabyte).toFixed(2)} MB zipped`);
    expect(bytes).toBeLessThanOrEqual(packageBudget);
  });

  test(`loads at most ${popupBudget / kilobyte} KB gzipped for the popup`, () => {
    const bytes = pageBytes(name, 'popup.html');
    console.log(`${name}: popup ${(bytes / kilobyte).toFixed(1)} KB gzipped`);
    expect(bytes).toBeLessThanOrEqual(popupBudget);
  });
});
