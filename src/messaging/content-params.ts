import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import { type ContentProtocol, contentLimits } from './content-protocol.ts';

const url = v.pipe(v.string(), v.maxLength(contentLimits.urlLength), v.regex(/^https?:\/\//i));
/** Local files too: the browser runs the content script in those that are PDF, when it is allowed. */
const pdfUrl = v.pipe(
  v.string(),
  v.maxLength(contentLimits.urlLength),
  v.regex(/^(?:https?|file):\/\//i),
);
const count = (max: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(max));
const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

const maxPieces = Math.ceil(contentLimits.snapshotLength / contentLimits.pieceLength);

const signals = v.strictObject({
  hasPasswordField: v.boolean(),
  hasCardField: v.boolean(),
  hasOneTimeCodeField: v.boolean(),
  robots: text(500),
});

const schemas = {
  'content-background:may-read': v.strictObject({ url: pdfUrl }),
  'content-background:offer-page': v.strictObject({
    url,
    title: text(contentLimits.titleLength),
    canonical: text(contentLimits.urlLength),
    lang: text(100),
    length: count(contentLimits.snapshotLength),
    pieces: v.pipe(count(maxPieces), v.minValue(1)),
    signals,
    status: count(999),
    isAsked: v.boolean(),
  }),
  'content-background:send-piece': v.strictObject({
    transfer: v.pipe(v.string(), v.uuid()),
    index: count(maxPieces - 1),
    text: text(contentLimits.pieceLength),
  }),
  'content-background:offer-pdf': v.strictObject({
    url: pdfUrl,
    lengthBytes: count(contentLimits.pdfBytes),
  }),
  'content-background:send-pdf-piece': v.strictObject({
    transfer: v.pipe(v.string(), v.uuid()),
    index: count(Math.ceil(contentLimits.pdfBytes / contentLimits.pdfPieceBytes) - 1),
    data: v.pipe(text(contentLimits.pieceLength), v.base64()),
  }),
  'content-background:read-pdf': v.strictObject({
    transfer: v.pipe(v.string(), v.uuid()),
    url: pdfUrl,
  }),
} as const;

/**
 * Reads the parameters of a content script's message. A renderer can be taken over, so every field
 * is checked and nothing beyond the known ones passes.
 * @throws AppError `bad-request` with the path of the first field that is wrong, never its value
 */
export function readContentParams<M extends keyof ContentProtocol>(
  type: M,
): (params: unknown) => ContentProtocol[M]['params'] {
  const schema = schemas[type];
  return (params) => {
    const parsed = v.safeParse(schema, params);
    if (parsed.success) return parsed.output as ContentProtocol[M]['params'];
    const issue = parsed.issues[0];
    const place = v.getDotPath(issue) ?? 'the parameters';
    throw new AppError('bad-request', `"${type}": ${place} must be ${issue.expected ?? 'valid'}`, {
      details: { type, place },
    });
  };
}
