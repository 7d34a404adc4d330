import { Tokenizer as PeerTokenizer } from '@huggingface/tokenizers';
import { createEncoder } from '../src/core/model/encoder.ts';
import { fetchFrom, loadModelFolder } from '../src/engine/model-files.ts';
import { createKernels } from '../src/kernels/kernels.ts';
import { best } from './turns.ts';

/** The best times of some turns over all texts, in milliseconds. */
export interface EncodeTimes {
  readonly code: number;
  readonly tokens: number;
  readonly typescript: number;
  readonly peerTokens: number;
  readonly peerPooled: number;
}

/** What the benchmark of encoding asks of the page it runs in. */
export const encodePage = {
  async measure(texts: readonly string[]): Promise<EncodeTimes> {
    const folder = new URL('/model/', location.href);
    const model = await loadModelFolder(fetchFrom(folder));
    const file = await (await fetch(new URL('tokenizer.json', folder))).json();
    const peer = new PeerTokenizer(file, {});
    const reference = createEncoder(model);
    const { tokenizer, encoder } = createKernels(model, (message) => console.warn(message));
    const peerIds = (text: string) => peer.encode(text, { add_special_tokens: false }).ids;
    const [code, tokens, typescript, peerTokens, peerPooled] = best([
      () => texts.map((text) => encoder.codeOf(text)),
      () => texts.map((text) => tokenizer.encode(text)),
      () => texts.map((text) => reference.codeOf(text)),
      () => texts.map(peerIds),
      () => texts.map((text) => reference.embed(Uint32Array.from(peerIds(text)))),
    ]);
    return { code, tokens, typescript, peerTokens, peerPooled };
  },
};

(globalThis as unknown as { encodePage: typeof encodePage }).encodePage = encodePage;
