import type { Metafile } from 'esbuild';

/** Bundles the inspector's page in memory: esbuild's metafile, and the page. */
export function bundlePage(): Promise<{ metafile: Metafile; html: string }>;
