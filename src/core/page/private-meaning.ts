import type { Embedding } from '../ids.ts';
import type { Encoder, Tokenizer } from '../model/types.ts';
import { type ExampleKind, privateExamples } from './private-examples.ts';

/** What a private page can mean. */
export type PrivateMeaning = Exclude<ExampleKind, 'ordinary'>;

/** How much a page means the like of a private one. */
export interface PrivateLikeness {
  readonly kind: PrivateMeaning;
  /** 0 to 1: the share of the examples' weight that examples of this kind have. */
  readonly share: number;
}

const kinds = ['bank', 'health', 'mail'] as const satisfies readonly PrivateMeaning[];

/** UTF-16 units of the text that are looked at: a private page shows its nature early. */
const judgedLength = 1500;
/**
 * How fast an example's weight falls with its distance, in deviations of the cosines between
 * examples. Tells the example that is like the page from those that are merely about its matter.
 */
const sharpness = 1.6;
/** A page like nothing here is ordinary: so many more ordinary examples, at so many deviations. */
const unknown = { count: 4, at: 1.6 };

const dot = (a: Embedding, b: Embedding): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

interface Example {
  readonly kind: ExampleKind;
  readonly embedding: Embedding;
}

/** Mean and deviation of the cosines between different examples: the scale of a model's cosines. */
function scaleOf(examples: readonly Example[]): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const [i, a] of examples.entries()) {
    for (const b of examples.slice(i + 1)) {
      const cosine = dot(a.embedding, b.embedding);
      count += 1;
      sum += cosine;
      squares += cosine * cosine;
    }
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(squares / count - mean * mean, 1e-9)) };
}

/** Compares what a page means with the examples. */
export type MeaningJudge = (title: string, text: string) => PrivateLikeness;

/**
 * The model as a judge: a page is compared with each example by cosine, near examples weigh much
 * more than far ones, and the weight of a private kind is set against that of all the others. The
 * cosines are taken on the scale that the model itself has, so that it holds for any model.
 */
export function createMeaningJudge(encoder: Encoder, tokenizer: Tokenizer): MeaningJudge {
  const embed = (text: string): Embedding => encoder.embed(tokenizer.encode(text));
  let known: { examples: readonly Example[]; mean: number; deviation: number } | null = null;

  function learn() {
    const examples = Object.entries(privateExamples).flatMap(([kind, texts]) =>
      texts.map((text) => ({ kind: kind as ExampleKind, embedding: embed(text) })),
    );
    return { examples, ...scaleOf(examples) };
  }

  return (title, text) => {
    known ??= learn();
    const { examples, mean, deviation } = known;
    const page = embed(`${title}\n${text.slice(0, judgedLength)}`);
    const weights: Record<ExampleKind, number> = {
      bank: 0,
      health: 0,
      mail: 0,
      ordinary: unknown.count * Math.exp(sharpness * unknown.at),
    };
    for (const { kind, embedding } of examples) {
      weights[kind] += Math.exp((sharpness * (dot(page, embedding) - mean)) / deviation);
    }
    const total = weights.bank + weights.health + weights.mail + weights.ordinary;
    const kind = kinds.reduce((best, each) => (weights[each] > weights[best] ? each : best));
    return { kind, share: weights[kind] / total };
  };
}
