import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../../support/tools.ts';
import { buildCompleting, makeDesk, type TypedShell, typeLines } from '../../support/typist.ts';

const hasTerminal = needs('script');

describe.each<TypedShell>(['bash', 'zsh', 'fish'])('completion in %s', (shell) => {
  describe.runIf(hasTerminal && needs(shell))('typed', () => {
    it('commands, flags, values, files', async () => {
      const desk = makeDesk();
      fs.mkdirSync(join(desk, 'calls-of-mine'));
      const typed = [
        ['forge-resume gra\t', 'forge-resume graph'],
        ['forge-resume graph --f\td\t', 'forge-resume graph --format dot'],
        ['forge-resume graph --format=me\t', 'forge-resume graph --format=mermaid'],
        ['forge-resume install --agent cl\t--dr\t', 'forge-resume install --agent claude --dry-run'],
        ['forge-resume install --record call\t', 'forge-resume install --record calls-of-mine'],
        ['forge-resume completion fi\t', 'forge-resume completion fish'],
        ['forge-resume nothing-like-it\t', 'forge-resume nothing-like-it'],
      ];
      const lines = typed.map(([line = '']) => line);
      const completed = await typeLines(shell, desk, lines);
      // Zsh takes the stroke behind a folder away again.
      expect(completed.map((line) => line.replace(/\/$/, ''))).toEqual(typed.map(([, line]) => line));
    }, 60_000);

    it("the project's sessions, where a command takes one; what is typed is never run", async () => {
      const desk = makeDesk();
      const script = await buildCompleting(desk);
      fs.writeFileSync(join(desk, 'bin/forge-resume'), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
      const sessions = join(desk, 'work/.rcs/state/sessions');
      for (const name of ['launch-1', 'other-2', 'launch-$(touch ran)', 'x y'])
        fs.mkdirSync(join(sessions, name), { recursive: true });
      fs.mkdirSync(join(desk, 'elsewhere/sessions/third'), { recursive: true });
      const typed = [
        ['forge-resume adopt la\t', 'forge-resume adopt launch-1'],
        ['forge-resume adopt --from-live o\t', 'forge-resume adopt --from-live other-2'],
        ['forge-resume adopt --state-dir ../elsewhere t\t', 'forge-resume adopt --state-dir ../elsewhere third'],
      ];
      const lines = typed.map(([line = '']) => line);
      expect(await typeLines(shell, desk, lines)).toEqual(typed.map(([, line]) => line));
      const hostile = "forge-resume adopt '$(touch ran)`touch ran`' \t";
      await typeLines(shell, desk, [hostile]);
      expect(fs.readdirSync(join(desk, 'work'))).toEqual(['.rcs']);
    }, 60_000);
  });
});
