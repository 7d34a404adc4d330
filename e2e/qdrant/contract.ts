import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const document = JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'));

/** OpenAPI 3.0 writes "or null" as `nullable`; JSON Schema as a type of its own. */
function toJsonSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value;
  const out: { [key: string]: Json } = {};
  for (const [key, child] of Object.entries(rest)) out[key] = toJsonSchema(child);
  if (nullable !== true) return out;
  return Object.keys(out).length === 0 ? { type: 'null' } : { anyOf: [out, { type: 'null' }] };
}

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: false });
ajv.addSchema({ $id: 'qdrant', ...(toJsonSchema(document) as object) });
const compiled = new Map<string, ValidateFunction>();

function pointer(...parts: string[]): string {
  return parts
    .map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
}

function check(schemaPointer: string, value: unknown, what: string): void {
  let validate = compiled.get(schemaPointer);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: `qdrant#${schemaPointer}` });
    compiled.set(schemaPointer, validate);
  }
  if (validate(value)) return;
  throw new Error(`${what} does not fit Qdrant's API: ${ajv.errorsText(validate.errors)}`);
}

/** The path of the document that an address is of, or null. */
export function matchPath(pathname: string): { path: string; collection: string | null } | null {
  for (const path of Object.keys(document.paths)) {
    const pattern = new RegExp(`^${path.replace('{collection_name}', '([^/]+)')}$`);
    const match = pattern.exec(pathname);
    if (match) return { path, collection: match[1] ?? null };
  }
  return null;
}

/** @throws Error naming the place where the body is not what Qdrant's document allows */
export function checkRequest(path: string, method: string, body: unknown): void {
  if (document.paths[path]?.[method] === undefined) {
    throw new Error(`Qdrant's document has no ${method.toUpperCase()} ${path}.`);
  }
  if (!document.paths[path][method].requestBody) return;
  check(
    pointer('paths', path, method, 'requestBody', 'content', 'application/json', 'schema'),
    body,
    `${method.toUpperCase()} ${path}`,
  );
}

export function checkError(path: string, method: string, body: unknown): void {
  check(
    pointer('paths', path, method, 'responses', '4XX', 'content', 'application/json', 'schema'),
    body,
    `the error of ${method.toUpperCase()} ${path}`,
  );
}

export function checkAnswer(path: string, method: string, body: unknown): void {
  check(
    pointer('paths', path, method, 'responses', '200', 'content', 'application/json', 'schema'),
    body,
    `the answer to ${method.toUpperCase()} ${path}`,
  );
}
