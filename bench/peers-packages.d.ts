/** Of the packages that bench/peers.ts fetches: what the benchmark calls. */
declare module '@huggingface/transformers' {
  export const env: {
    allowRemoteModels: boolean;
    allowLocalModels: boolean;
    useBrowserCache: boolean;
    localModelPath: string;
    backends: { onnx: { wasm: { wasmPaths: string; numThreads: number } } };
  };
  export function pipeline(
    task: 'feature-extraction',
    model: string,
    options: { readonly dtype: 'q8'; readonly device: 'wasm' },
  ): Promise<
    (
      texts: readonly string[],
      options: { readonly pooling: 'mean'; readonly normalize: boolean },
    ) => Promise<{ readonly data: Float32Array }>
  >;
}
