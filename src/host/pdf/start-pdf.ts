import { AppError } from '../../core/errors.ts';
import { extensionUrl } from '../../platform/runtime.ts';
import { createPdfIntake, type PdfIntake, startPdfWorker } from './pdf-intake.ts';

/** A file of the disk, which the browser lets the extension read when the person has allowed it. */
async function readFile(url: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await (await fetch(url)).arrayBuffer());
  } catch (cause) {
    throw new AppError('not-allowed', 'The browser does not let this file be read', { cause });
  }
}

/** The intake with workers of the package. */
export function startPdfIntake(): PdfIntake {
  return createPdfIntake({
    startWorker: () => startPdfWorker(extensionUrl('/pdf.js')),
    readFile,
    after(ms, step) {
      const timer = setTimeout(step, ms);
      return () => clearTimeout(timer);
    },
  });
}
