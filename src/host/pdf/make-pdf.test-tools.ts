/** A line of a sheet; points from the lower left corner. */
export interface DrawnLine {
  readonly text: string;
  readonly x?: number;
  readonly y: number;
  readonly size?: number;
  /** Writes Korean, in a font that is not in the file, by Adobe's character maps. */
  readonly isKorean?: boolean;
}

export interface PdfMaking {
  readonly sheets: readonly (readonly DrawnLine[])[];
  readonly title?: string;
  /** Asks for a password that nobody knows. */
  readonly isEncrypted?: boolean;
}

const shownText = ({ text, isKorean = false }: DrawnLine): string => {
  if (!isKorean) return `(${text.replace(/[\\()]/g, '\\$&')})`;
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return `<${units.map((unit) => unit.toString(16).padStart(4, '0')).join('')}>`;
};

const drawn = (line: DrawnLine): string =>
  `BT /${line.isKorean === true ? 'K' : 'F'} ${line.size ?? 11} Tf ${line.x ?? 72} ${line.y} Td ${shownText(line)} Tj ET`;

/** Lines of one paragraph after the other, as a program sets them: 14 points apart, 28 between. */
export function setParagraphs(
  paragraphs: readonly (readonly string[])[],
  top = 700,
): readonly DrawnLine[] {
  let y = top;
  return paragraphs.flatMap((lines) => {
    const set = lines.map((text, i) => ({ text, y: y - i * 14 }));
    y -= lines.length * 14 + 14;
    return set;
  });
}

/** The bytes of a small PDF 1.4, written by hand so that no file of unknown origin is needed. */
export function makePdf({ sheets, title, isEncrypted = false }: PdfMaking): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${sheets.map((_, i) => `${8 + 2 * i} 0 R`).join(' ')}] /Count ${sheets.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Font /Subtype /Type0 /BaseFont /Batang /Encoding /UniKS-UCS2-H /DescendantFonts [5 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Batang /CIDSystemInfo << /Registry (Adobe) /Ordering (Korea1) /Supplement 1 >> /FontDescriptor 6 0 R /DW 1000 >>',
    '<< /Type /FontDescriptor /FontName /Batang /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>',
    `<< ${title === undefined ? '' : `/Title (${title})`} >>`,
  ];
  for (const [i, lines] of sheets.entries()) {
    const content = lines.map(drawn).join('\n');
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${9 + 2 * i} 0 R /Resources << /Font << /F 3 0 R /K 4 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  }
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const key = '00'.repeat(32);
  const locked = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >> /ID [<00><00>]`;
  file += `xref
0 ${objects.length + 1}
0000000000 65535 f
${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n`).join('\n')}
trailer << /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R ${isEncrypted ? locked : ''} >>
startxref
${file.length}
%%EOF
`.replace(/ ([fn])\n/g, ' $1 \n');
  return new TextEncoder().encode(file);
}
