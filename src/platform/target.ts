declare global {
  interface ImportMeta {
    /** Set at build time by WXT. */
    readonly env: { readonly FIREFOX?: boolean } & Record<string, unknown>;
  }
}

/**
 * Whether this build is for Firefox, whose background is a page and is itself the host. A constant at
 * build time, so that the other browser's half is left out of the package.
 */
export const isFirefoxBuild: boolean = import.meta.env.FIREFOX === true;
