export function buildBench(tools: readonly string[], name: string): Promise<string>;
