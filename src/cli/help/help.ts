import { exitCodeHelp } from '../exit-codes.ts';
import { callHelp } from './call-help.ts';
import { chartHelp } from './chart-help.ts';
import { hooksConfig } from './hooks-config.ts';
import { installHelp } from './install-help.ts';
import { mendingHelp } from './mending-help.ts';
import { seeingHelp } from './seeing-help.ts';
import { storeHelp } from './store-help.ts';

const program = `
Set it up once, as hooks of the agent (recommended: they carry the session id):
  $ forge-resume install

That writes, for whichever agent is there:

  Codex, ~/.codex/hooks.json or <project>/.codex/hooks.json;
  Claude Code, the same object in .claude/settings.json:
${hooksConfig}

or as the notification program of Codex, config.toml:
    notify = ["forge-resume", "notify"]

${exitCodeHelp()}

Try it without any setup:
  $ forge-resume demo`;

/** The parts of `--help` that teach, one per command. */
export const help = {
  program,
  ...seeingHelp,
  ...callHelp,
  ...installHelp,
  ...mendingHelp,
  ...storeHelp,
  ...chartHelp,
} as const;
