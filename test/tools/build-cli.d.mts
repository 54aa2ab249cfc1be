import type { Metafile } from 'esbuild';

/** Bundles the command line in memory: esbuild's metafile, and the files by name. */
export function bundleCli(): Promise<{ metafile: Metafile; files: Map<string, Uint8Array | string> }>;
/** Bundles the command line and puts it in place. */
export function buildCli(): Promise<Metafile>;
