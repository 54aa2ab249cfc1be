import { expect, it } from 'vitest';
import { wholeCalls } from './trace.ts';

it('a call that strace cut in two is one, with what it came to, where it began', () => {
  const text = [
    '10 pread64(21,  <unfinished ...>',
    '11 futex(0x1, FUTEX_WAIT <unfinished ...>',
    '10 <... pread64 resumed>"{...}"..., 4000244, 0) = 4000244',
    '10 close(21)                         = 0',
    '11 <... futex resumed>)              = 0',
  ];
  expect(wholeCalls(text.join('\n'))).toEqual([
    'pread64(21, "{...}"..., 4000244, 0) = 4000244',
    'futex(0x1, FUTEX_WAIT)              = 0',
    'close(21)                         = 0',
  ]);
});
