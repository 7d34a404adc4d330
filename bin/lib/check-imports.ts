/**
 * Holds imports to the rules of import-rules.ts, types included, and finds cycles. The usual tools
 * for this read TypeScript through a compiler older than 7 and pass over every file without one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { importRules } from './import-rules.ts';

interface Selector {
  readonly path?: string | readonly string[];
  readonly pathNot?: string | readonly string[];
}

export interface Rule {
  readonly name: string;
  readonly comment: string;
  readonly from: Selector;
  readonly to: Selector;
}

export interface Import {
  readonly from: string;
  /** Path from the root, or `node_modules/NAME` for a package. */
  readonly to: string;
  readonly isTypeOnly: boolean;
}

const matchesAny = (patterns: string | readonly string[], path: string) =>
  [patterns].flat().some((pattern) => new RegExp(pattern).test(path));

function isSelected({ path, pathNot }: Selector, file: string): boolean {
  if (path !== undefined && !matchesAny(path, file)) return false;
  return pathNot === undefined || !matchesAny(pathNot, file);
}

/** The imports and re-exports of a source text, static and dynamic. */
export function readImports(from: string, source: string): readonly Import[] {
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...source.matchAll(pattern)].map(([, type, named, bare, dynamic]) => {
    const target = named ?? bare ?? dynamic ?? '';
    const to = target.startsWith('.')
      ? posix.join(posix.dirname(from), target.replace(/\?.*$/, ''))
      : `node_modules/${target}`;
    return { from, to, isTypeOnly: type !== undefined };
  });
}

/** The first cycle of value imports that can be reached, as its files in order, or null. */
export function findCycle(imports: readonly Import[]): readonly string[] | null {
  const next = new Map<string, string[]>();
  for (const { from, to, isTypeOnly } of imports) {
    if (isTypeOnly) continue;
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): readonly string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    path.push(file);
    for (const target of next.get(file) ?? []) {
      const cycle = visit(target);
      if (cycle !== null) return cycle;
    }
    path.pop();
    done.add(file);
    return null;
  };
  for (const file of next.keys()) {
    const cycle = visit(file);
    if (cycle !== null) return cycle;
  }
  return null;
}

/** One line for each import that a rule forbids, and one for a cycle, which hides a design's direction. */
export function checkImports(imports: readonly Import[], rules: readonly Rule[]): string[] {
  const problems: string[] = [];
  const cycle = findCycle(imports);
  if (cycle !== null) problems.push(`no-cycles: ${cycle.join(' → ')}`);
  for (const rule of rules) {
    for (const { from, to } of imports) {
      if (isSelected(rule.from, from) && isSelected(rule.to, to)) {
        problems.push(`${rule.name}: ${from} → ${to} (${rule.comment})`);
      }
    }
  }
  return problems;
}

function sourcesUnder(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => posix.join(folder, file.replaceAll('\\', '/')))
      .filter((file) => /\.tsx?$/.test(file) && !file.includes('/assembly/')),
  );
}

if (import.meta.main) {
  const files = sourcesUnder(['src', 'entrypoints']);
  const imports = files.flatMap((file) => readImports(file, readFileSync(file, 'utf8')));
  const problems = checkImports(imports, importRules);
  for (const problem of problems) console.error(problem);
  console.log(`${files.length} files, ${imports.length} imports, ${problems.length} forbidden`);
  process.exitCode = problems.length === 0 && files.length > 0 ? 0 : 1;
}
