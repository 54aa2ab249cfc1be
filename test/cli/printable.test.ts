import { describe, expect, it } from 'vitest';
import { printable } from '../../src/cli/printable.ts';

describe('printable', () => {
  it('escapes what could move the cursor, end the line or turn its direction', () => {
    expect(printable('a\n\r\t\0\u001b[31m\u007f\u009b\u2028\u202e\u2066z')).toBe(
      'a\\u000a\\u000d\\u0009\\u0000\\u001b[31m\\u007f\\u009b\\u2028\\u202e\\u2066z',
    );
  });

  it('leaves everything else alone', () => {
    const text = 'päth/ファイル 😀 "quoted" \\ back';
    expect(printable(text)).toBe(text);
  });

  it('keeps the meaning of JSON text', () => {
    const value = { text: 'a\n\u0085\u2028\u202e' };
    expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
  });

  it('cuts what is too long', () => expect(printable('x'.repeat(10), 5)).toBe('xxxx…'));
});
