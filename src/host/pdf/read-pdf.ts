/// <reference path="./pdfjs.d.ts" />
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import * as parser from 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import type { PdfRefusal } from '../../core/page/state.ts';
import type { TextBlock } from '../../core/page/types.ts';
import { blocksOfSheets, titleOfSheets } from './pdf-blocks.ts';
import { linesOf, type PdfLine } from './pdf-lines.ts';

/** More sheets than this are no document that somebody reads. */
export const maxSheets = 3000;
/** UTF-16 units of text; what comes after is left out, as with pages. */
const maxTextLength = 4 * 1024 * 1024;

/** The text of a PDF. */
export interface PdfText {
  /** As the file says or shows it; empty when it does neither. */
  readonly title: string;
  /** BCP 47 as the file says; empty when it does not. */
  readonly lang: string;
  readonly blocks: readonly TextBlock[];
}

/** A PDF that is being read, slice by slice. */
export interface PdfReading {
  /** Opens a file, which this takes over; how many sheets it has, or why it cannot be read. */
  open(bytes: Uint8Array): Promise<{ readonly sheets: number } | { readonly refused: PdfRefusal }>;
  /** Reads more sheets, for as long as a slice may take; how many are read now. */
  readSlice(): Promise<number>;
  /** The text of the sheets that were read, or why there is none. */
  finish(): Promise<PdfText | { readonly refused: PdfRefusal }>;
}

export interface PdfTools {
  /** Folder of Adobe's character maps, with a slash at its end. */
  readonly characterMaps: string;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** A slice ends after the sheet with which it has taken this long. */
  readonly sliceMs: number;
}

/** Titles that a program wrote, not a person. */
const noTitle =
  /^(?:untitled|document\d*|microsoft word|powerpoint|slide \d|제목 ?없음)|\.\w{2,5}$/i;

function refusalOf(thrown: unknown): PdfRefusal {
  return (thrown as { name?: string }).name === 'PasswordException' ? 'encrypted' : 'damaged';
}

/**
 * Reads PDF files with pdf.js, all of it in this context: it is meant for a worker that lives as long
 * as one file, so that a file that hangs or swells goes with it.
 */
export function createPdfReading(tools: PdfTools): PdfReading {
  // pdf.js looks for its parser here before it would start a worker of its own.
  Object.assign(globalThis, { pdfjsWorker: parser });
  let pdf: PDFDocumentProxy | null = null;
  const sheets: (readonly PdfLine[])[] = [];
  let length = 0;
  let failed = 0;

  async function readSheet(open: PDFDocumentProxy, number: number): Promise<readonly PdfLine[]> {
    try {
      const page = await open.getPage(number);
      const { items } = await page.getTextContent();
      page.cleanup();
      return linesOf(items.filter((item) => 'str' in item));
    } catch {
      // One damaged sheet is no reason to lose the others.
      failed += 1;
      return [];
    }
  }

  async function said(): Promise<{ title: string; lang: string }> {
    try {
      const found = (await pdf?.getMetadata())?.info as Record<string, unknown> | undefined;
      const title = String(found?.Title ?? '').trim();
      const lang = String(found?.Language ?? '').trim();
      return { title: noTitle.test(title) || title.length < 3 ? '' : title, lang };
    } catch {
      return { title: '', lang: '' };
    }
  }

  return {
    async open(bytes) {
      try {
        pdf = await getDocument({
          data: bytes,
          cMapUrl: tools.characterMaps,
          cMapPacked: true,
          useWorkerFetch: true,
          // Fonts, pictures and programs in the file are of no use here.
          disableFontFace: true,
          useSystemFonts: false,
          useWasm: false,
          isOffscreenCanvasSupported: false,
          isImageDecoderSupported: false,
          isEvalSupported: false,
          enableXfa: false,
          verbosity: 0,
        }).promise;
      } catch (thrown) {
        return { refused: refusalOf(thrown) };
      }
      return pdf.numPages > maxSheets ? { refused: 'too-large' } : { sheets: pdf.numPages };
    },
    async readSlice() {
      const start = tools.now();
      const open = pdf;
      const total = open?.numPages ?? 0;
      while (open !== null && sheets.length < total) {
        const lines = length < maxTextLength ? await readSheet(open, sheets.length + 1) : [];
        sheets.push(lines);
        length += lines.reduce((sum, { text }) => sum + text.length, 0);
        if (tools.now() - start >= tools.sliceMs) break;
      }
      return sheets.length;
    },
    async finish() {
      const blocks = blocksOfSheets(sheets);
      if (blocks.length === 0) return { refused: failed > 0 ? 'damaged' : 'no-text' };
      const { title, lang } = await said();
      return { title: title || titleOfSheets(blocks), lang, blocks };
    },
  };
}
