import http from 'node:http';
import { onTestFinished } from 'vitest';
import type { Changed } from '../../../src/inspect/listed-run.ts';

/** Reads an inspector's events one by one; `next` waits for one. */
export function readEvents(address: string, cookie: string): { next: () => Promise<Changed> } {
  const told: Changed[] = [];
  let waiting: ((one: Changed) => void) | undefined;
  let rest = '';
  const request = http.get(new URL('/events', address), { headers: { cookie } }, (response) => {
    response.setEncoding('utf8').on('data', (part: string) => {
      const blocks = (rest + part).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith('data: ')) give(JSON.parse(block.slice('data: '.length)) as Changed);
      }
    });
    response.on('error', () => undefined);
  });
  request.on('error', () => undefined);
  onTestFinished(() => void request.destroy());
  const give = (one: Changed): void => {
    if (waiting === undefined) told.push(one);
    else waiting(one);
    waiting = undefined;
  };
  return {
    next: () => {
      const first = told.shift();
      if (first !== undefined) return Promise.resolve(first);
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
  };
}
