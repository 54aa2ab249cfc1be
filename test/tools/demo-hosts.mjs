/** `npm run demo:hosts`: one run on two hosts, by way of a real PostgreSQL. Leaves nothing behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startScratchPostgres } from './scratch-postgres.mjs';

const program = fileURLToPath(new URL('../../dist/cli/forge-resume.cjs', import.meta.url));
const conversation = 'conversation-7';
const say = (...lines) => console.log(lines.join('\n'));

/** A clone of the project with a home of its own, as on a host of its own. */
class Host {
  constructor(name, folder) {
    this.name = name;
    this.home = join(folder, name, 'home');
    this.project = join(folder, name, 'shop');
    this.state = join(this.project, '.rcs', 'state');
    for (const path of [this.home, this.state]) mkdirSync(path, { recursive: true });
  }

  runFile(session) {
    return join(this.state, 'sessions', session, 'forge-state.json');
  }

  /** Does what the runtime does: a session's folder at a launch, its run, a turn. */
  launch(session) {
    mkdirSync(join(this.state, 'sessions', session), { recursive: true });
  }

  writeRun(session, fields) {
    const file = this.runFile(session);
    const before = existsSync(file) ? this.readRun(session) : {};
    writeFileSync(file, JSON.stringify({ ...before, ...fields }, null, 2));
  }

  readRun(session) {
    return JSON.parse(readFileSync(this.runFile(session), 'utf8'));
  }

  /** Runs the program here; resolves to what it printed. */
  async run(args, { input = '', session = '', store = '' } = {}) {
    const { PATH = '' } = process.env;
    const named = { RCS_SESSION_ID: session, FORGE_RESUME_STORE: store };
    const env = { PATH, HOME: this.home, TMPDIR: tmpdir(), ...named };
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.project,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`forge-resume ${args.join(' ')} ended with ${code} on the ${this.name}`);
    return text;
  }

  /** An agent's hook, as the agent calls it. */
  hook(event, session) {
    const payload = { hook_event_name: event, session_id: conversation, cwd: this.project, source: 'resume' };
    return this.run(['hook'], { input: JSON.stringify(payload), session });
  }
}

const beside = (columns) => {
  const fields = [...new Set(columns.flatMap(({ run }) => Object.keys(run)))];
  const rows = [['', ...columns.map(({ title }) => title)]];
  for (const field of fields) rows.push([field, ...columns.map(({ run }) => String(run[field] ?? '-'))]);
  const widths = rows[0].map((_, index) => Math.max(...rows.map((row) => row[index].length)));
  return rows.map((row) => `  ${row.map((text, index) => text.padEnd(widths[index])).join('  ')}`.trimEnd());
};

async function play(folder, { url, version }) {
  const [desk, laptop] = ['desk', 'laptop'].map((name) => new Host(name, folder));
  say(`One run, two hosts, PostgreSQL ${version}: ${folder}, removed at the end.`, '');
  await desk.run(['db', 'migrate'], { store: url });
  for (const host of [desk, laptop]) say(`${host.name}: ${(await host.run(['store', 'use', url])).split('. ')[0]}.`);

  desk.launch('launch-1');
  const run = { active: true, current_phase: 'executing', iteration: 3, max_iterations: 10 };
  const owner = {
    started_at: new Date().toISOString(),
    owner_rcs_session_id: 'launch-1',
    owner_codex_session_id: conversation,
  };
  desk.writeRun('launch-1', { ...run, ...owner });
  await desk.hook('Stop', 'launch-1');
  desk.writeRun('launch-1', { iteration: 4 });
  await desk.hook('Stop', 'launch-1');
  say(
    '',
    '1. Launch at the desk. The agent works: four turns are done. The hook of each turn brings them into the database.',
    '',
  );
  say((await laptop.run(['status'])).trimEnd(), '');

  say('2. The desk is closed: it sleeps, and says nothing to anybody.', '');
  laptop.launch('launch-2');
  await laptop.hook('SessionStart', 'launch-2');
  const resumed = laptop.readRun('launch-2');
  if (resumed.active !== true || resumed.iteration !== 4) throw new Error('the run did not come to the laptop');
  say('3. Resume on the laptop: the run comes there, with its four turns. Both files now:', '');
  const columns = () => [
    { title: 'desk: launch-1', run: desk.readRun('launch-1') },
    { title: 'laptop: launch-2', run: laptop.readRun('launch-2') },
  ];
  say(...beside(columns()), '');

  desk.writeRun('launch-1', { iteration: 5 });
  await desk.hook('Stop', 'launch-1');
  if (desk.readRun('launch-1').active !== false) throw new Error('the desk goes on');
  say(
    '4. The desk wakes in the middle of a turn and counts it. Its hook finds that the run is elsewhere, and ends the copy:',
    '',
  );
  say(...beside(columns()));
}

const folder = mkdtempSync(join(tmpdir(), 'forge-hosts-'));
let server;
const end = () => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
};
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    end();
    process.exit(code);
  });
}
try {
  server = startScratchPostgres(folder);
  await play(folder, server);
} catch (error) {
  console.error(`demo:hosts: ${error.message}`);
  process.exitCode = 1;
} finally {
  end();
}
