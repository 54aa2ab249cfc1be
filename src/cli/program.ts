import { createRequire } from 'node:module';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '../errors.ts';
import { graphFormats } from '../graph/formats.ts';
import { completionCommand, type Shell, shells } from './completion/completion-command.ts';
import { exitCodes } from './exit-codes.ts';
import { refuseUse, sayError } from './fail.ts';
import type { GraphOptions } from './graph.ts';
import { help } from './help/help.ts';
import { unknownTopic } from './help/unknown-topic.ts';
import type { InspectOptions } from './inspect/inspect-command.ts';
import type { InstallOptions } from './install/install-command.ts';
import { agentNames } from './install/places.ts';
import type { MendOptions } from './mend/mend-command.ts';
import type { PathsOptions } from './paths.ts';
import { withPolicies } from './policy-options.ts';
import { printable } from './printable.ts';
import { type ReconcileCommandOptions, reconcileCommand } from './reconcile-command.ts';
import { isRecordValue } from './record-switches.ts';
import type { ReportOptions } from './report/report-command.ts';
import { addSeeingCommands } from './see/add-seeing-commands.ts';
import { sessionArgument } from './session-argument.ts';
import { stateDirArgument, stateDirOption } from './state-dir-option.ts';
import { addStoreCommands } from './store/add-store-commands.ts';
import { complain, output, writeText } from './write-line.ts';

// The same from src/cli and from dist/cli.
const readVersion = (): string => createRequire(import.meta.url)('../../package.json').version;

// Commander quotes what the user typed; only the break before its own hint is meant as one.
const printableError = (text: string): string => {
  const [message = '', ...hints] = text.trimEnd().split('\n(');
  return `${[message, ...hints.map((hint) => `(${hint}`)].map((part) => printable(part)).join('\n')}\n`;
};

const describe = (command: Command, version: string, teaching: string): Command =>
  command
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', teaching)
    .showHelpAfterError()
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => writeText(output.stdout, text),
      writeErr: (text) => writeText(output.stderr, text),
      outputError: (text, write) => write(printableError(text)),
    });

const portArgument = (value: string): number => {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535)
    throw new InvalidArgumentError('Say a port, from 0 (any that is free) to 65535.');
  return port;
};

const recordArgument = (value: string): string => {
  if (!isRecordValue(value)) throw new InvalidArgumentError('It names nothing.');
  return value;
};

const recording = (command: Command): Command =>
  command
    .option('--record <file>', 'record the call in a file, or in a folder that is there or ends in /', recordArgument)
    .option('--full', 'record message texts and all fields of runs too');

const followLinks = ['--follow-links', 'take a state directory that links put outside the project'] as const;

const buildProgram = (finish: (code: number) => void): Command => {
  const version = readVersion();
  const program = describe(new Command('forge-resume'), version, help.program).description(
    'Hands a live forge run over to the session in which its conversation was resumed, exactly once.',
  );
  const add = (name: string, summary: string, teaching: string): Command =>
    describe(program.command(name).description(summary), version, teaching);

  addSeeingCommands(add, finish);
  withPolicies(recording(add('reconcile', 'run one call by hand and print its result', help.reconcile)))
    .option(...stateDirOption)
    .option('--session-id <id>', "the agent's session id")
    .option('--thread-id <id>', "the agent's thread id")
    .option('--json', 'print one line of JSON')
    .addOption(
      new Option('--inspect <where>', 'offer the call to a hosted inspector afterwards; state leaves the machine')
        .choices(['stately'])
        .conflicts('record'),
    )
    .option('--dry-run', 'say what it would do, as why does; write nothing')
    .option('--exit-code', 'with --dry-run: exit with 3 where it would not resume')
    .action(async (options: ReconcileCommandOptions) => finish(await reconcileCommand(options)));
  // Reached only for their help: main.ts answers agents itself, without loading the command line.
  withPolicies(
    recording(add('notify', 'notification program of an agent; the payload is the last argument', help.notify)),
  )
    .option(...followLinks)
    .option('--then', 'start the program behind it as well')
    .argument('[json]');
  withPolicies(
    recording(add('hook', 'hook program of an agent; the payload comes on standard input', help.hook)),
  ).option(...followLinks);
  const addInstaller = (name: 'install' | 'uninstall', summary: string): Command =>
    add(name, summary, help[name])
      .addOption(
        new Option('--agent <agent>', 'which one; those that are there by default').choices([...agentNames, 'all']),
      )
      .option('--global', "for all of the user's projects; the default")
      .option('--project [dir]', 'for one project: the one at or above this folder, or the named one')
      .option('--dry-run', 'print the same, write nothing')
      .option('--yes', 'do not ask')
      .option('--json', 'print one line of JSON');
  withPolicies(addInstaller('install', "put our hooks into an agent's configuration"))
    .option('--notify', "as Codex's notification program as well; one that is there goes on")
    .option('--record <dir>', 'let the hook record its calls in this folder', recordArgument)
    .option(...followLinks)
    .option('--bare', 'write forge-resume as PATH finds it, not by its absolute path')
    .action(async (options: InstallOptions) =>
      finish(await (await import('./install/install-command.ts')).installCommand(options)),
    );
  addInstaller('uninstall', 'take them out again').action(async (options: InstallOptions) =>
    finish(await (await import('./install/install-command.ts')).uninstallCommand(options)),
  );
  const addMending = (name: 'adopt' | 'end' | 'undo', summary: string): Command =>
    recording(add(name, summary, help[name]))
      .option('--state-dir <dir>', 'the state directory; the one at or above this folder by default', stateDirArgument)
      .option('--from-live', 'also where the owner of the run lives')
      .option('--dry-run', 'print the plan, change nothing')
      .option('--yes', 'do not ask')
      .option('--plan <id>', 'only if this is still the plan')
      .option('--json', 'print one line of JSON');
  addMending('adopt', "hand over a session's run, whoever owns it")
    .argument('<session>', 'the session that has the run', sessionArgument)
    .option('--into <session>', 'the session that gets it; the current one by default', sessionArgument)
    .option('--session-id <id>', "the agent's session id, which owns the run then")
    .option('--thread-id <id>', "the agent's thread id")
    .action(async (session: string, options: MendOptions) =>
      finish(await (await import('./mend/mend-command.ts')).adoptCommand(session, options)),
    );
  addMending('end', "end a session's run")
    .argument('<session>', 'the session that has the run', sessionArgument)
    .action(async (session: string, options: MendOptions) =>
      finish(await (await import('./mend/mend-command.ts')).endCommand(session, options)),
    );
  addMending('undo', 'give a run that was handed over back to the session that it came from')
    .argument('[transfer]', 'the transfer; the last one of the run by default')
    .option('--from <session>', 'the session that has the run; the current one by default', sessionArgument)
    .action(async (transfer: string | undefined, options: MendOptions) =>
      finish(await (await import('./mend/mend-command.ts')).undoCommand(transfer, options)),
    );
  addStoreCommands(add, finish);
  add('completion', 'print the completion of a shell', help.completion)
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .argument('[words...]', 'what stands on the command line so far; the script asks with it')
    .action((shell: Shell, words: readonly string[]) => finish(completionCommand(program, shell, words)));
  withPolicies(add('report', 'print a bug report, without names and texts; write it to a file', help.report))
    .argument('[file]', 'where to write it once you have seen it')
    .option(...stateDirOption)
    .option('--yes', 'do not ask')
    .option('--json', 'as one line of JSON')
    .action(async (file: string | undefined, options: ReportOptions) =>
      finish(await (await import('./report/report-command.ts')).reportCommand(file, options, version)),
    );
  add('demo', 'launch, crash and resume in a scratch project, explained', help.demo).action(async () => {
    const { runDemo } = await import('./demo/demo.ts');
    finish(await runDemo());
  });
  add('graph', 'print the statechart of a call', help.graph)
    .addOption(new Option('--format <format>', 'how it is written').choices(graphFormats).default('mermaid'))
    .action(async (options: GraphOptions) => finish(await (await import('./graph.ts')).graphCommand(options)));
  add('inspect', 'show recorded calls in a browser, live', help.inspect)
    .argument('[what]', 'a recording, or a folder of them')
    .option('--state-dir <dir>', 'of which project; the one at or above this folder by default', stateDirArgument)
    .option('--port <number>', 'port on loopback; any that is free by default', portArgument)
    .option('--open', 'open the page in your browser')
    .option('--export <file>', 'write one recording as run.html or run.svg instead')
    .action(async (what: string | undefined, options: InspectOptions) =>
      finish(await (await import('./inspect/inspect-command.ts')).inspectCommand({ ...options, what })),
    );
  add('paths', 'list the paths through the statechart that the tests run', help.paths)
    .option('--json', 'print one line of JSON for each', false)
    .action(async (options: PathsOptions) => finish(await (await import('./paths.ts')).pathsCommand(options)));
  return program;
};

/**
 * Runs the command line.
 *
 * @param argv - as `process.argv`
 * @returns the exit code, one of {@link exitCodes}
 */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok;
  const program = buildProgram((result) => {
    code = result;
  });
  const unknown = unknownTopic(program, argv.slice(2));
  if (unknown !== undefined) return refuseUse(unknown.command, unknown.message, argv.includes('--json'));
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    // Commander has printed its message, and the help where somebody asked for it, before it throws.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok;
      if (argv.includes('--json')) sayError(error.message.replace(/^error: /, ''));
      return exitCodes.usage;
    }
    complain(`forge-resume: ${messageOf(error)}`);
    return exitCodes.failure;
  }
}
