/**
 * What a mirror of so many passages needs of its Qdrant, as the table of docs/scale.md:
 *
 *   node bench/qdrant-sizes.ts [--ram-price 4] [--disk-price 0.1]
 *
 * Bytes are counted from the collection's own settings (`collectionSettings`) and a point's own
 * payload; what is assumed is named below. Prices are what you put in, a GB and month.
 */
import { parseArgs } from 'node:util';
import { collectionSettings } from '../src/sync/qdrant-remote.ts';

const dims = 384;
const assumed = {
  /** Edges a point has on the lowest layer of the graph, Qdrant's default `m` = 16 twice. */
  edges: 32,
  /** Upper layers add about one in `m`. */
  upperLayers: 1 + 1 / 16,
  /** Ids, versions and payload indexes in memory, a point. */
  indexBytes: 120,
  /** What the optimiser and the operating system need beside it. */
  headroom: 1.3,
  passagesPerPage: 12,
  /** A page's text, deflated, encrypted and in Base64. */
  recordBytes: 3_600,
  /** Memory of a machine that one shard and its work fit into. */
  ramPerNode: 64e9,
  replicas: 2,
};

/** Codes in memory: bits a component by the encoding that the collection is made with. */
function codeBytes(): number {
  const { quantization_config } = collectionSettings(dims).vectors.text ?? {};
  const encoding = quantization_config?.binary.encoding;
  if (encoding !== 'two_bits') throw new Error(`Sizes are known for two_bits, not ${encoding}`);
  return (dims * 2) / 8;
}

/** A passage's payload as it is sent. */
const payloadBytes = JSON.stringify({
  kind: 'passage',
  page: '0'.repeat(32),
  epoch: 0,
  index: 10,
  site: '0'.repeat(32),
  day: 20_000,
}).length;

export interface Prices {
  readonly ram: number;
  readonly disk: number;
}

export function sizeTable(prices: Prices): string {
  const graph = assumed.edges * 4 * assumed.upperLayers;
  const ramBytes = (codeBytes() + graph + assumed.indexBytes) * assumed.headroom;
  const diskBytes =
    dims * 4 + codeBytes() + graph + payloadBytes + assumed.recordBytes / assumed.passagesPerPage;
  const rows = [1e6, 1e7, 1e8, 1e9].map((passages) => {
    const ram = passages * ramBytes;
    const disk = passages * diskBytes;
    const nodes = Math.max(1, Math.ceil(ram / assumed.ramPerNode));
    const copies = nodes === 1 ? 1 : assumed.replicas;
    const cost = ((ram * prices.ram + disk * prices.disk) * copies) / 1e9;
    return [
      name(passages),
      name(passages / assumed.passagesPerPage),
      gigabytes(ram),
      gigabytes(disk),
      String(nodes),
      String(copies),
      String(nodes * copies),
      `${Math.round(cost)}`,
    ];
  });
  const head = [
    'passages',
    'pages',
    'RAM of one copy',
    'disk of one copy',
    'shards',
    'copies',
    'machines of 64 GB',
    'a month, at the prices given',
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '--:')), ...rows.map(line)].join('\n');
}

function name(count: number): string {
  if (count >= 1e9) return `${count / 1e9} B`;
  return count >= 1e6 ? `${Math.round(count / 1e5) / 10} M` : `${Math.round(count / 1e3)} k`;
}

function gigabytes(bytes: number): string {
  return bytes >= 1e12 ? `${(bytes / 1e12).toFixed(1)} TB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      'ram-price': { type: 'string', default: '4' },
      'disk-price': { type: 'string', default: '0.1' },
    },
  });
  console.log(sizeTable({ ram: Number(values['ram-price']), disk: Number(values['disk-price']) }));
}
