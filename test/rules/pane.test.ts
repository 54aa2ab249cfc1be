import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choosePane,
  isHudCommand,
  isPaneId,
  type PaneRow,
  paneListFormat,
  parsePaneList,
} from '../../src/rules/pane.ts';
import { leastTime } from '../support/time-taken.ts';

const row = (id: string, currentCommand: string, startCommand = ''): PaneRow => ({
  id,
  pid: 1000 + Number(id.slice(1)),
  currentCommand,
  startCommand,
});

describe('Pane: the pane we start from', () => {
  it.each(['node', 'codex', 'npx', 'Node', 'NPX', '/usr/bin/node', '-node', '-/opt/bin/Codex', ' node '])(
    'Pane: is the agent’s when %o runs in it',
    (command) => {
      expect(choosePane([row('%1', 'sh', 'codex'), row('%2', command)], '%2')).toBe('%2');
    },
  );

  it.each(['bash', '-bash', 'nodejs', 'node/x', 'my-node', '--node', 'npm', 'vim', '', '-', '/'])(
    'Pane: is not the agent’s when %o runs in it',
    (command) => {
      expect(choosePane([row('%1', 'sh', 'codex'), row('%2', command)], '%2')).toBe('%1');
    },
  );

  it.each([
    'rcs hud --watch',
    '/usr/bin/node rcs hud --watch',
    '"/usr/bin/node /opt/rcs hud --interval 2 --watch"',
    'RCS HUD --WATCH',
    'node /opt/rcs/bin/rcs.js hud --watch=1',
  ])('Pane: is not the agent’s when the HUD was started in it by %o', (start) => {
    expect(choosePane([row('%1', 'node', start), row('%2', 'sh', 'codex')], '%1')).toBe('%2');
    expect(choosePane([row('%1', 'node', start)], '%1')).toBeUndefined();
  });

  it.each(['rcs hud', 'rcs --watch hud', 'hud rcs --watch', 'arcs hud --watch', 'rcs hudson --watch'])(
    'Pane: is the agent’s when %o, which is not the HUD, was started in it',
    (start) => {
      expect(choosePane([row('%1', 'node', start)], '%1')).toBe('%1');
    },
  );

  it('Pane: is chosen before an earlier pane that was started as codex', () => {
    expect(choosePane([row('%1', 'codex', 'codex'), row('%2', 'node', 'npm start')], '%2')).toBe('%2');
  });

  it('Pane: nothing fits when tmux does not list it', () => {
    expect(choosePane([row('%1', 'node', 'codex')], '%2')).toBeUndefined();
    expect(choosePane([], '%2')).toBeUndefined();
  });
});

describe('Pane: its siblings', () => {
  it('Pane: the first in tmux’s order that was started as codex, whatever runs in it now', () => {
    const rows = [row('%9', '-bash'), row('%7', 'vim', 'npx @openai/Codex --full'), row('%2', 'codex', 'codex')];
    expect(choosePane(rows, '%9')).toBe('%7');
  });

  it('Pane: one that runs node but was not started as codex is passed over', () => {
    expect(choosePane([row('%1', 'bash'), row('%2', 'node', 'node server.js')], '%1')).toBeUndefined();
  });

  it('Pane: a HUD whose start command contains codex is passed over', () => {
    const hud = row('%2', 'node', 'node /home/codex/rcs hud --watch');
    expect(choosePane([row('%1', 'bash'), hud, row('%3', 'sh', 'sh codex.sh')], '%1')).toBe('%3');
  });

  it('Pane: the pane we start from counts too', () => {
    expect(choosePane([row('%1', 'sh', '/opt/codex'), row('%2', 'sh', 'codex')], '%1')).toBe('%1');
  });
});

describe('Pane: where the process that asks is a child of the agent', () => {
  const rows = [row('%1', 'node', 'codex'), row('%2', '2.1.14', 'claude'), row('%3', 'bash'), row('%4', 'sh', 'codex')];

  it('Pane: the one that it descends from is the agent’s, whatever its command is called', () => {
    expect(choosePane(rows, '%2', [7, 1002, 40])).toBe('%2');
    expect(choosePane(rows, '%3', [1003])).toBe('%3');
  });

  it('Pane: also where another one is started from, and one that an agent runs in is there', () => {
    expect(choosePane(rows, '%1', [9, 1002])).toBe('%2');
  });

  it('Pane: the nearest one, where there are several', () => {
    expect(choosePane(rows, '%1', [9, 1003, 1002])).toBe('%3');
  });

  it('Pane: where it descends from none, the commands decide', () => {
    expect(choosePane(rows, '%2', [7, 8])).toBe('%1');
    expect(choosePane(rows, '%1', [])).toBe('%1');
    expect(choosePane(rows, '%9', [1002])).toBeUndefined();
  });
});

describe('Pane: the HUD', () => {
  /** The rule as a pattern, which takes seconds for a hostile command. */
  const pattern = /\brcs\b.*\bhud\b.*--watch/i;

  it('Pane: is told as the pattern tells it', () => {
    const piece = fc.constantFrom(
      ...['rcs', 'RCS', 'hud', 'Hud', '--watch', '--WATCH', '-', ' ', '_', '/', '.', 's', '7', 'é', '\n', '\r'],
      ...['\u2028', '\u2029', '\u212a', '\u017f', '\u0130'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const command = pieces.join('');
        expect(isHudCommand(command)).toBe(pattern.test(command));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['rcs ', 2_048],
    ['rcs hud ', 1_024],
    ['rcs hud --watc ', 546],
    ['hud ', 2_048],
    ['-', 8_192],
    ['rcs\n', 2_048],
    ['rcs hud\n', 1_024],
  ])('Pane: 8 KiB of %j take under 20 ms', async (piece, times) => {
    const command = piece.repeat(times);
    const search = (): void => expect(isHudCommand(command)).toBe(false);
    expect(await leastTime(search, { enough: 20 })).toBeLessThan(20);
  });
});

describe('Pane: what tmux printed', () => {
  const print = (mark: string, rows: readonly PaneRow[]): string =>
    rows
      .map(({ id, pid, currentCommand, startCommand }) =>
        paneListFormat(mark)
          .replace('#{pane_id}', () => id)
          .replace('#{pane_pid}', () => String(pid))
          .replace('#{pane_current_command}', () => currentCommand)
          .replace('#{pane_start_command}', () => `${startCommand}\n`),
      )
      .join('');

  it('Pane: is read back, whatever the commands hold', () => {
    const rows = [
      row('%0', 'bash'),
      row('%12', 'a b\tc', 'x\n%5 node codex\n'),
      row('%3', '', '%4 #{pane_id} | , ; $(touch x)'),
      row('%4', 'é\u001f', '\r\n'),
    ];
    expect(parsePaneList(print('m4rk', rows), 'm4rk')).toEqual(rows);
  });

  it('Pane: rows with another id than a pane’s are left out', () => {
    expect(parsePaneList(print('m4rk', [row('-t', 'node'), row('%1', 'sh')]), 'm4rk')).toEqual([row('%1', 'sh')]);
  });

  it.each(['', '\n', 'no server running', '%1 node', 'm4rk%1m4rk7m4rknode', 'warning\nm4rk%1m4rk7m4rknodem4rkcodex\n'])(
    'Pane: %o is no list',
    (text) => {
      expect(parsePaneList(text, 'm4rk')).toEqual([]);
    },
  );
});

describe('Pane: ids', () => {
  it.each(['%0', '%17'])('Pane: %o may be asked about', (id) => expect(isPaneId(id)).toBe(true));
  it.each(['', '%', '1', '-t', '%1 ', '%1\n', '%1;ls', 'main:%1', '%-1', '%1.2', '$(id)', '{last}'])(
    'Pane: %o may not be asked about',
    (id) => expect(isPaneId(id)).toBe(false),
  );
});
