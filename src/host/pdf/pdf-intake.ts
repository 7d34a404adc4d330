import { transfer, wrap } from 'comlink';
import { AppError } from '../../core/errors.ts';
import { contentLimits } from '../../messaging/content-protocol.ts';
import type { PdfSlice } from '../../messaging/host-protocol.ts';
import { fromBase64 } from '../../platform/base64.ts';
import { packText } from '../../platform/gzip.ts';
import type { Extracted } from '../extract.ts';
import { languageOf } from '../metadata.ts';
import type { PdfReading } from './read-pdf.ts';

/** A worker for one PDF, and how to end it. */
export interface PdfWorker {
  readonly reading: PdfReading;
  end(): void;
}

export interface IntakeTools {
  readonly startWorker: () => PdfWorker;
  /** The bytes of a file of the disk. */
  readonly readFile: (url: string) => Promise<Uint8Array>;
  /** Runs a step later, whatever happens meanwhile; returns how to call it off. */
  readonly after: (ms: number, step: () => void) => () => void;
}

/** PDF files on their way in, each with the tab it belongs to. Kept in memory only. */
export interface PdfIntake {
  /** Null when too many are under way. A newer PDF of a tab ends its older one. */
  open(tabId: number, lengthBytes: number, fileUrl: string | null): string | null;
  /**
   * @throws AppError `host-gone` for an unknown transfer, `bad-request` for a piece out of order, of
   *   another tab, or beyond the length that was offered
   */
  accept(transfer: string, tabId: number, index: number, data: string): void;
  /** @throws AppError `host-gone` for an unknown transfer, `bad-request` before all bytes are here */
  readSlice(transfer: string, tabId: number): Promise<PdfSlice>;
  /** Reads a whole file that is here already. */
  readWhole(bytes: Uint8Array): Promise<Exclude<PdfSlice, { state: 'reading' }>>;
}

interface Open {
  readonly tabId: number;
  readonly lengthBytes: number;
  readonly fileUrl: string | null;
  readonly pieces: Uint8Array[];
  worker: PdfWorker | null;
  sheets: number;
  /** Calls off the end that comes when nobody asks any more. */
  rest: () => void;
}

const maxOpen = 2;
/** Stands for the tab of a file that no tab shows. */
const noTab = -1;
/** A tab that was closed asks no more. */
const idleMs = 60_000;
/** A slice that takes longer is one of a file that hangs. */
const slowestMs = 25_000;

export function createPdfIntake(tools: IntakeTools): PdfIntake {
  const open = new Map<string, Open>();

  function end(id: string): void {
    const file = open.get(id);
    if (file === undefined) return;
    open.delete(id);
    file.rest();
    file.worker?.end();
  }

  function begun(tabId: number, lengthBytes: number, fileUrl: string | null): string {
    const id = crypto.randomUUID();
    const rest = tools.after(idleMs, () => end(id));
    open.set(id, { tabId, lengthBytes, fileUrl, pieces: [], worker: null, sheets: 0, rest });
    return id;
  }

  function touch(id: string, tabId: number): Open {
    const file = open.get(id);
    if (file === undefined) {
      throw new AppError('host-gone', 'This PDF is not known any more; offer it again');
    }
    if (file.tabId !== tabId) {
      throw new AppError('bad-request', 'A PDF is read for its own tab only');
    }
    file.rest();
    file.rest = tools.after(idleMs, () => end(id));
    return file;
  }

  async function bytesOf(file: Open): Promise<Uint8Array> {
    if (file.fileUrl !== null) return tools.readFile(file.fileUrl);
    const arrived = file.pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (arrived !== file.lengthBytes) {
      throw new AppError(
        'bad-request',
        `${arrived} of ${file.lengthBytes} bytes of the PDF have arrived`,
      );
    }
    const whole = new Uint8Array(arrived);
    let at = 0;
    for (const piece of file.pieces.splice(0)) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async function begin(file: Open, bytes: Uint8Array): Promise<PdfSlice> {
    if (bytes.length > contentLimits.pdfBytes) return { state: 'refused', why: 'too-large' };
    file.worker = tools.startWorker();
    const opened = await file.worker.reading.open(bytes);
    if ('refused' in opened) return { state: 'refused', why: opened.refused };
    file.sheets = opened.sheets;
    return { state: 'reading', done: 0, total: file.sheets };
  }

  async function goOn(file: Open, { reading }: PdfWorker): Promise<PdfSlice> {
    const done = await reading.readSlice();
    if (done < file.sheets) return { state: 'reading', done, total: file.sheets };
    const text = await reading.finish();
    if ('refused' in text) return { state: 'refused', why: text.refused };
    const sample = text.blocks.slice(0, 50).map((block) => block.text);
    const extracted: Extracted = {
      title: text.title,
      blocks: text.blocks,
      lang: languageOf(text.lang, sample.join('\n')),
      type: 'pdf',
      way: 'pdf',
    };
    const snapshot = await packText(JSON.stringify(extracted));
    return { state: 'read', title: text.title, snapshot };
  }

  /** One slice; the file is let go with the last. */
  async function read(id: string, file: Open): Promise<PdfSlice> {
    const isSlow = new Promise<PdfSlice>((resolve) => {
      file.rest();
      file.rest = tools.after(slowestMs, () => resolve({ state: 'refused', why: 'damaged' }));
    });
    const slice = async (): Promise<PdfSlice> =>
      file.worker === null ? begin(file, await bytesOf(file)) : goOn(file, file.worker);
    try {
      const read = await Promise.race([slice(), isSlow]);
      if (read.state === 'reading') touch(id, file.tabId);
      else end(id);
      return read;
    } catch (thrown) {
      end(id);
      throw thrown;
    }
  }

  return {
    open(tabId, lengthBytes, fileUrl) {
      for (const [id, file] of open) if (file.tabId === tabId) end(id);
      if (open.size >= maxOpen) return null;
      return begun(tabId, lengthBytes, fileUrl);
    },
    accept(id, tabId, index, data) {
      const file = touch(id, tabId);
      const bytes = fromBase64(data);
      const arrived = file.pieces.reduce((sum, piece) => sum + piece.length, bytes.length);
      if (index !== file.pieces.length || arrived > file.lengthBytes) {
        end(id);
        throw new AppError(
          'bad-request',
          `Piece ${index} of a PDF does not belong here; piece ${file.pieces.length} was awaited`,
        );
      }
      file.pieces.push(bytes);
    },
    readSlice: async (id, tabId) => read(id, touch(id, tabId)),
    async readWhole(bytes) {
      const id = begun(noTab, bytes.length, null);
      const file = touch(id, noTab);
      file.pieces.push(bytes);
      for (;;) {
        const slice = await read(id, file);
        if (slice.state !== 'reading') return slice;
      }
    },
  };
}

/** A worker of the package that reads one PDF. */
export function startPdfWorker(url: string): PdfWorker {
  const worker = new Worker(url, { name: 'pdf' });
  const remote = wrap<PdfReading>(worker);
  return {
    reading: {
      open: (bytes) => remote.open(transfer(bytes, [bytes.buffer])),
      readSlice: () => remote.readSlice(),
      finish: () => remote.finish(),
    },
    end: () => worker.terminate(),
  };
}
