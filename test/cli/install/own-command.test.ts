import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookLine, isHandWritten, isOwnHook, shellLine, shellWords } from '../../../src/cli/install/own-command.ts';

const word = fc.oneof(fc.constantFrom("it's", 'a b', '$HOME', '`x`', '', '~', '*', '"', '\\', "'"), fc.string());

describe('the command line of a hook', () => {
  it('what is written for a shell is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(shellWords(shellLine(words))).toEqual(words);
      }),
    );
  });

  it('a shell takes it the same way', () => {
    const words = ["it's", 'a b', '$HOME', '`x`', '', '~', '*', '"', '\\', "'", '!', 'a=b', '#'];
    const said = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${shellLine(words)}`], { encoding: 'utf8' });
    expect(said.split('\n').slice(0, -1)).toEqual(words);
  });

  it.each([
    ['forge-resume hook'],
    ['/opt/bin/forge-resume hook'],
    ['/usr/bin/node /opt/forge-session-resume/dist/cli/forge-resume.cjs hook'],
    ["/usr/bin/node '/opt/my tools/forge-resume.cjs' hook --record '/var/my calls'"],
    ['forge-resume hook --follow-links --record /tmp/x'],
    ['forge-resume hook --stale-after 12h --require-dead-owner --refuse-foreign-owner'],
    ['forge-resume hook --session-from pointer --record /tmp/x --allowed-sessions a,b'],
    [hookLine({ program: ["/it's/node", '/x/forge-resume.cjs'], switches: [] })],
  ])('%s is ours', (command) => {
    expect([isOwnHook(command), isHandWritten(command)]).toEqual([true, false]);
  });

  it.each([
    ['FORGE_RESUME_LOG=all forge-resume hook'],
    ['forge-resume hook || true'],
    ['sh -c "forge-resume hook"'],
    ['forge-resume hook --some-flag'],
    ['forge-resume hook --stale-after'],
    ['forge-resume hook --require-dead-owner 1'],
    ['cd /x && forge-resume hook'],
  ])('%s was written by hand: known, and never touched', (command) => {
    expect([isOwnHook(command), isHandWritten(command)]).toEqual([false, true]);
  });

  it.each([['forge-resume notify'], ['other hook'], ['not-forge-resumes hook'], [''], [7], [null], [undefined]])(
    '%s is foreign',
    (command) => {
      expect([isOwnHook(command), isHandWritten(command)]).toEqual([false, false]);
    },
  );
});
