/**
 * Compares what npm says it has put in node_modules with package-lock.json.
 * Exits 0 when everything that must be there is; else prints what is missing and exits 1.
 * Plain JavaScript: it runs before the Node that strips types is installed.
 */
import { readFileSync } from 'node:fs';

const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
let present = {};
try {
  present = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
} catch {
  process.stdout.write('nothing is installed yet');
  process.exit(1);
}

const missing = Object.entries(wanted)
  .filter(([path, entry]) => path !== '' && !entry.optional && !entry.link)
  .filter(([path, entry]) => present[path]?.version !== entry.version)
  .map(([path, entry]) => `${path.replace(/^.*node_modules\//, '')} ${entry.version}`);

if (missing.length > 0) {
  const shown = missing.slice(0, 3).join(', ');
  process.stdout.write(missing.length > 3 ? `${shown} and ${missing.length - 3} more` : shown);
  process.exit(1);
}
