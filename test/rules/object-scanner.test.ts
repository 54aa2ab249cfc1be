import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectScanner } from '../../src/rules/object-scanner.ts';

/** What is known after each piece. */
const scanAll = (pieces: readonly Uint8Array[]): string[] => {
  const scan = objectScanner();
  return pieces.map((piece) => scan(Buffer.from(piece)));
};

const scanText = (text: string): string | undefined => scanAll([Buffer.from(text)]).at(-1);

/** Cuts bytes at these places. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
};

describe('what the agent sends: when a payload is complete', () => {
  it.each(['{}', ' \n{} \t\r\n', '\ufeff{"a":1}', '{"a":"}"}', '{"a":"\\"}"}', '{"a":"\\\\"}', '{"a":[{"b":{}}]}'])(
    '%j is',
    (text) => {
      expect(scanText(text)).toBe('whole');
    },
  );

  it.each(['', ' \n', '\ufeff', '{', '{"a":1', '{"a":"}', '{"a":"\\"}', '{"a":"\\\\\\"}', '{"a":{}', '{"a":[}'])(
    '%j is not yet',
    (text) => {
      expect(scanText(text)).toBe('incomplete');
    },
  );

  it.each(['[]', 'null', '7', '"{}"', 'no json', '{}{}', '{} x', '{}}', '\ufeff\ufeff{}', ' \ufeff{}'])(
    '%j never becomes one object',
    (text) => {
      expect(scanText(text)).toBe('other');
    },
  );

  it('any object, cut anywhere, is complete with its last byte and not before', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.constantFrom('', '\ufeff'),
        (object, places, mark) => {
          const bytes = Buffer.from(mark + JSON.stringify(object));
          const verdicts = scanAll([...cut(bytes.subarray(0, -1), places), bytes.subarray(-1)]);
          expect(verdicts.pop()).toBe('whole');
          expect(new Set(verdicts)).toEqual(new Set(['incomplete']));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('texts of backslashes and quotes, cut anywhere', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\\', '"', '}', '{', 'x'), maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        (text, places) => {
          const bytes = Buffer.from(JSON.stringify({ [text]: text }));
          expect(scanAll(cut(bytes, places)).at(-1)).toBe('whole');
          expect(scanAll(cut(bytes.subarray(0, -1), places)).at(-1)).toBe('incomplete');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('each byte is looked at once: 8 MiB of backslashes, quotes or brackets in pieces, in far under a second', () => {
    for (const filling of ['\\', '\\"', '}', '\n']) {
      const bytes = Buffer.from(JSON.stringify({ a: filling.repeat(2 ** 22 / filling.length) }));
      const pieces = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, at) =>
        bytes.subarray(at * 4096, (at + 1) * 4096),
      );
      const since = performance.now();
      expect(scanAll(pieces).at(-1)).toBe('whole');
      expect(performance.now() - since).toBeLessThan(1_500);
    }
  });
});
