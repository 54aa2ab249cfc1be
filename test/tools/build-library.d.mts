import type { Metafile } from 'esbuild';

/** Bundles the library in memory: esbuild's metafile, and the files by name. */
export function bundleLibrary(): Promise<{ metafile: Metafile; files: Map<string, Uint8Array> }>;
