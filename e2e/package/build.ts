import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { chromeBuild } from '../lib/chromium.ts';
import { firefoxBuild } from '../lib/firefox.ts';

export const builds = { chrome: chromeBuild, firefox: firefoxBuild } as const;
export type BuildName = keyof typeof builds;
export const buildNames = Object.keys(builds) as readonly BuildName[];

export interface Manifest {
  readonly manifest_version: number;
  readonly permissions: readonly string[];
  readonly optional_permissions?: readonly string[];
  readonly host_permissions?: readonly string[];
  readonly optional_host_permissions?: readonly string[];
  readonly content_security_policy: { readonly extension_pages: string };
  readonly content_scripts: readonly { readonly matches: readonly string[] }[];
  readonly externally_connectable?: unknown;
  readonly web_accessible_resources?: unknown;
  readonly incognito?: string;
  readonly background: { readonly service_worker?: string; readonly scripts?: readonly string[] };
}

export function readManifest(name: BuildName): Manifest {
  return JSON.parse(readFileSync(join(builds[name], 'manifest.json'), 'utf8'));
}

/** Paths of all files of a build, relative to it. */
export function filesOf(name: BuildName): readonly string[] {
  const root = builds[name];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

export function readBuilt(name: BuildName, file: string): string {
  return readFileSync(join(builds[name], file), 'utf8');
}

/** Bytes of the package as the stores take it: each file deflated, with ZIP's own bookkeeping. */
export function zippedBytes(name: BuildName): number {
  const bookkeeping = (file: string) => 30 + 46 + 2 * file.length;
  return filesOf(name).reduce((sum, file) => {
    const bytes = readFileSync(join(builds[name], file));
    return sum + Math.min(bytes.length, deflateRawSync(bytes).length) + bookkeeping(file);
  }, 22);
}

/**
 * Bytes, gzipped, of the scripts and styles that a page of the extension loads: those its HTML
 * names and those they import statically.
 */
export function pageBytes(name: BuildName, page: string): number {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file) || !statSync(join(builds[name], file), { throwIfNoEntry: false })) return;
    seen.add(file);
    if (!file.endsWith('.js')) return;
    const folder = join(file, '..');
    for (const [, path = ''] of readBuilt(name, file).matchAll(
      /(?:from|import)\s*"(\.{1,2}\/[^"]+\.js)"/g,
    )) {
      visit(join(folder, path));
    }
  };
  for (const [, path = ''] of readBuilt(name, page).matchAll(
    /(?:src|href)="\/?([^"]+\.(?:js|css))"/g,
  )) {
    visit(path);
  }
  if (seen.size === 0) throw new Error(`${page} loads no script; its HTML has changed its form`);
  return [...seen].reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(builds[name], file))).length,
    0,
  );
}
