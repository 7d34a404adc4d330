/**
 * Keeps of Qdrant's OpenAPI document (Apache-2.0) the paths this project uses and what they refer to:
 *
 *   node e2e/qdrant/prune-openapi.ts OPENAPI.json VERSION > e2e/qdrant/openapi.json
 */
import { readFileSync } from 'node:fs';

const used: Record<string, readonly string[]> = {
  '/': ['get'],
  '/collections/{collection_name}': ['get', 'put'],
  '/collections/{collection_name}/index': ['put'],
  '/collections/{collection_name}/points/batch': ['post'],
  '/collections/{collection_name}/points/count': ['post'],
  '/collections/{collection_name}/points/delete': ['post'],
  '/collections/{collection_name}/points/query': ['post'],
  '/collections/{collection_name}/points/scroll': ['post'],
  '/collections/{collection_name}/points': ['post', 'put'],
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const [file, version] = process.argv.slice(2);
if (file === undefined || version === undefined) {
  console.error('usage: node e2e/qdrant/prune-openapi.ts OPENAPI.json VERSION');
  process.exit(2);
}
const document = JSON.parse(readFileSync(file, 'utf8'));
const schemas: Record<string, Json> = {};

function keep(value: Json): Json {
  if (Array.isArray(value)) return value.map(keep);
  if (typeof value !== 'object' || value === null) return value;
  const out: { [key: string]: Json } = {};
  for (const [key, child] of Object.entries(value)) {
    // Prose and examples are for readers of the original.
    if ((key === 'description' && typeof child === 'string') || key === 'example') continue;
    if (key === '$ref' && typeof child === 'string') {
      const name = child.replace('#/components/schemas/', '');
      if (!(name in schemas)) {
        schemas[name] = null;
        schemas[name] = keep(document.components.schemas[name]);
      }
    }
    out[key] = keep(child);
  }
  return out;
}

const paths: { [path: string]: Json } = {};
for (const [path, methods] of Object.entries(used)) {
  const kept: { [method: string]: Json } = {};
  for (const method of methods) {
    const { requestBody, responses } = document.paths[path][method];
    kept[method] = keep({ requestBody: requestBody ?? null, responses });
  }
  paths[path] = kept;
}
const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
const info = { title: document.info.title, version, license: document.info.license };
console.log(
  JSON.stringify({ openapi: document.openapi, info, paths, components: { schemas: sorted } }),
);
