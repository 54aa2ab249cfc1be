import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ListedRun } from '../../src/inspect/listed-run.ts';
import type { FlatRecord } from '../../src/inspect/recording/format.ts';
import { judge } from '../../src/inspect/server/access.ts';
import { type Inspector, serve } from '../../src/inspect/server/serve.ts';
import { readEvents } from '../support/inspect/read-events.ts';
import { headerLine, recordingText } from '../support/inspect/recordings.ts';

const policy = "default-src 'none'";
const template = `<meta http-equiv="Content-Security-Policy" content="${policy}"><script type="application/json" id="data"></script>`;

interface Place {
  readonly folder: string;
  readonly inspector: Inspector;
  readonly port: number;
  readonly token: string;
  readonly cookie: string;
}

/** An inspector on a folder of its own, which may hold something already. */
async function inspect(put: (folder: string) => void = () => undefined): Promise<Place> {
  const home = fs.mkdtempSync(join(tmpdir(), 'forge-inspect-'));
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'recordings');
  fs.mkdirSync(folder);
  put(folder);
  const inspector = await serve({ shown: { kind: 'folder', path: folder }, template });
  onTestFinished(() => inspector.close());
  const { port, searchParams } = new URL(inspector.url);
  const token = searchParams.get('token') ?? '';
  return { folder, inspector, port: Number(port), token, cookie: `forge-resume-${port}=${token}` };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request whose headers are what the test says, `Host` included. */
function ask(place: Place, path: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: place.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    request.on('error', reject).end();
  });
}

const runsOf = async (place: Place): Promise<readonly ListedRun[]> =>
  (await readEvents(place.inspector.url, place.cookie).next()).runs;

describe('who gets in', () => {
  it('the token opens the page, and a cookie goes on from there', async () => {
    const place = await inspect();
    const page = await ask(place, `/?token=${place.token}`);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('"mode":"served"') });
    expect(page.headers['set-cookie']).toEqual([`${place.cookie}; Path=/; HttpOnly; SameSite=Strict`]);
    expect(await ask(place, '/', { cookie: place.cookie })).toMatchObject({ status: 200 });
  });

  it('the address for a browser opens the page once: a program is started with it, and all users see arguments', async () => {
    const place = await inspect();
    const { pathname, search } = new URL(place.inspector.urlOnce);
    expect(search).not.toContain(place.token);
    const page = await ask(place, pathname + search);
    expect(page.headers['set-cookie']).toEqual([`${place.cookie}; Path=/; HttpOnly; SameSite=Strict`]);
    expect(await ask(place, pathname + search)).toMatchObject({ status: 403 });
    expect(await ask(place, `/?token=${place.token}`)).toMatchObject({ status: 200 });
  });

  it('tokens are long and differ', async () => {
    const [one, other] = [await inspect(), await inspect()];
    expect(Buffer.from(one.token, 'base64url')).toHaveLength(32);
    expect(one.token).not.toBe(other.token);
  });

  it.each([
    ['none', '/', {}],
    ['an empty one', '/?token=', {}],
    ['a wrong one', '/?token=AAAA', {}],
    ['a wrong cookie', '/', { cookie: 'forge-resume-1=x' }],
    ['none, for the events', '/events', {}],
    ['none, for a recording', '/recordings/0123456789abcdef', {}],
    ['an address that is none', '//', {}],
  ])('without the token nothing is told: %s', async (_what, path, headers) => {
    const place = await inspect();
    const answer = await ask(place, path, headers);
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('Not allowed') });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    ['host', 'evil.example'],
    ['host', '127.0.0.1'],
    ['host', '127.0.0.1.evil.example:PORT'],
    ['origin', 'http://evil.example'],
    ['origin', 'null'],
    ['origin', 'http://localhost:PORT'],
    ['origin', 'https://127.0.0.1:PORT'],
  ])('a foreign %s, %s, is refused though it has the token', async (name, value) => {
    const place = await inspect();
    const headers = { cookie: place.cookie, [name]: value.replace('PORT', String(place.port)) };
    for (const path of ['/', '/events']) expect(await ask(place, path, headers)).toMatchObject({ status: 403 });
  });

  it('its own names are not foreign', async () => {
    const place = await inspect();
    for (const host of [`localhost:${place.port}`, `[::1]:${place.port}`]) {
      const headers = { cookie: place.cookie, host, origin: `http://${host}` };
      expect(await ask(place, '/', headers)).toMatchObject({ status: 200 });
    }
  });

  it("at the usual port, which browsers leave out, its names have none, and everybody else's are foreign", () => {
    const gate = { port: 80, token: 'x', tokenOnce: undefined };
    const asked = (host: string) =>
      judge({ method: 'GET', url: '/?token=x', headers: { host, origin: `http://${host}` } }, gate);
    expect(['127.0.0.1', 'localhost', '[::1]'].map(asked)).toEqual([200, 200, 200]);
    expect(['evil.example', '127.0.0.1:81'].map(asked)).toEqual([403, 403]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
    const place = await inspect();
    expect(await ask(place, '/', { cookie: place.cookie }, method)).toMatchObject({ status: 405 });
  });

  it('it listens on loopback only', async () => {
    const { port } = await inspect();
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((one) => one !== undefined && !one.internal && one.family === 'IPv4');
    for (const other of others) {
      const attempt = fetch(`http://${other?.address}:${port}/`).then(({ status }) => status);
      await expect(attempt).rejects.toThrow('fetch failed');
    }
    const listening = fs.readFileSync('/proc/net/tcp', 'utf8').split('\n');
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const local = listening
      .map((line) => line.trim().split(/\s+/)[1])
      .filter((address) => address?.endsWith(`:${hex}`));
    expect(new Set(local)).toEqual(new Set([`0100007F:${hex}`]));
  });

  it('every answer has a policy, and says that nobody may guess, keep or frame it', async () => {
    const place = await inspect();
    for (const headers of [{}, { cookie: place.cookie }]) {
      expect((await ask(place, '/', headers)).headers).toMatchObject({
        'content-security-policy': `${policy}; frame-ancestors 'none'`,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
    }
  });
});

describe('what is served', () => {
  it('a recording, whole and from where it had been read to', async () => {
    const text = recordingText();
    const place = await inspect((folder) => fs.writeFileSync(join(folder, 'one.jsonl'), `${text}{"torn`));
    const [run] = await runsOf(place);
    expect(run).toMatchObject({ name: 'one.jsonl', end: { reason: 'resumed_same_codex_session' } });
    const all = await ask(place, `/recordings/${run?.id}`, { cookie: place.cookie });
    expect(all).toMatchObject({ status: 200, body: text, headers: { 'x-next': String(Buffer.byteLength(text)) } });
    const first = Buffer.byteLength(`${headerLine()}\n`);
    const rest = await ask(place, `/recordings/${run?.id}?from=${first}`, { cookie: place.cookie });
    expect(rest.body).toBe(text.slice(text.indexOf('\n') + 1));
  });

  it.each([
    '/package.json',
    '/recordings/',
    '/recordings/0123456789abcdef',
    '/recordings/../../etc/passwd',
    '/recordings/%2e%2e%2fone.jsonl',
    '/recordings/one.jsonl',
    '/one.jsonl',
  ])('no other path of the disk: %s', async (path) => {
    const place = await inspect((folder) => fs.writeFileSync(join(folder, 'one.jsonl'), recordingText()));
    expect(await ask(place, path, { cookie: place.cookie })).toMatchObject({
      status: 404,
      body: 'No such recording.\n',
    });
  });

  it('links, FIFOs, folders and files of other kinds are no recordings', async () => {
    const place = await inspect((folder) => {
      fs.writeFileSync(join(folder, '..', 'secret.jsonl'), recordingText());
      fs.symlinkSync('../secret.jsonl', join(folder, 'link.jsonl'));
      execFileSync('mkfifo', [join(folder, 'pipe.jsonl')]);
      fs.mkdirSync(join(folder, 'folder.jsonl'));
      fs.writeFileSync(join(folder, 'notes.txt'), recordingText());
      fs.writeFileSync(join(folder, 'other.jsonl'), '{"password":"x"}\n');
      fs.writeFileSync(join(folder, 'real.jsonl'), recordingText());
    });
    expect((await runsOf(place)).map(({ name }) => name)).toEqual(['real.jsonl']);
  });

  it('a recording with a long payload is listed, without it, and so is one with a long end', async () => {
    const payload = { prompt: 'x'.repeat(1_500_000) };
    const end = { kind: 'end', n: 0, t: 1, reason: 'current_forge_active', output: null } as const;
    const texts = {
      'payload.jsonl': recordingText({ full: true, payload }),
      'end.jsonl': recordingText({ full: true }, [{ ...end, warnings: ['x'.repeat(200_000)] }]),
      'header.jsonl': `${headerLine({ payload })}\n`,
      'endless.jsonl': headerLine({ payload: 'x'.repeat(9_000_000) }),
    };
    const place = await inspect((folder) => {
      for (const [name, text] of Object.entries(texts)) fs.writeFileSync(join(folder, name), text);
    });
    const runs = await runsOf(place);
    const ends = Object.fromEntries(runs.map((run) => [run.name, run.end?.reason]));
    expect(ends).toEqual({
      'payload.jsonl': 'resumed_same_codex_session',
      'end.jsonl': 'current_forge_active',
      'header.jsonl': undefined,
    });
    for (const { header } of runs) expect(header).not.toHaveProperty('payload');
  });

  it.each([
    ['no time', { at: undefined }],
    ['an odd time', { at: 5 }],
    ['an odd event', { event: {} }],
    ['no input', { input: undefined }],
    ['odd ids', { input: { payloadSessionId: {}, payloadThreadId: null } }],
    ['something deep', { input: { payloadSessionId: '', payloadThreadId: '', more: 'DEEP' } }],
    ['odd hooks', { input: { payloadSessionId: '', payloadThreadId: '', hooks: 'afterCommit' } }],
  ])('a header of which not everything can be shown is no recording, and ends nobody: %s', async (_what, fields) => {
    const spoilt = recordingText(fields as object).replace('"DEEP"', '['.repeat(20_000) + ']'.repeat(20_000));
    const place = await inspect((folder) => {
      for (const name of ['a', 'b']) fs.writeFileSync(join(folder, `${name}.jsonl`), spoilt);
      fs.writeFileSync(join(folder, 'real.jsonl'), recordingText());
    });
    expect((await runsOf(place)).map(({ name }) => name)).toEqual(['real.jsonl']);
  });

  it.each([
    ['reason', { reason: 5 }],
    ['error', { reason: null, error: { code: 5 } }],
    ['warnings', { warnings: 'x' }],
  ])('an end whose %s is odd is no end', async (_what, fields) => {
    const end = { kind: 'end', n: 0, t: 1, reason: 'current_forge_active', output: null, ...fields };
    const place = await inspect((folder) =>
      fs.writeFileSync(join(folder, 'one.jsonl'), recordingText({}, [end as unknown as FlatRecord])),
    );
    expect(await runsOf(place)).toMatchObject([{ name: 'one.jsonl', end: null }]);
  });

  it('a recording that was exchanged for a link is not read', async () => {
    const place = await inspect((folder) => fs.writeFileSync(join(folder, 'one.jsonl'), recordingText()));
    const [run] = await runsOf(place);
    fs.writeFileSync(join(place.folder, '..', 'secret'), 'secret\n');
    fs.rmSync(join(place.folder, 'one.jsonl'));
    fs.symlinkSync('../secret', join(place.folder, 'one.jsonl'));
    expect(await ask(place, `/recordings/${run?.id}`, { cookie: place.cookie })).toMatchObject({ status: 404 });
  });

  it('what is recorded while somebody watches is told at once: a new run, and that it grew', async () => {
    const place = await inspect();
    const events = readEvents(place.inspector.url, place.cookie);
    expect((await events.next()).runs).toEqual([]);
    const [header, ...rest] = recordingText().trimEnd().split('\n');
    const file = join(place.folder, 'live.jsonl');
    fs.writeFileSync(file, `${header}\n`);
    expect((await events.next()).runs).toMatchObject([{ name: 'live.jsonl', end: null }]);
    fs.appendFileSync(file, `${rest.join('\n')}\n`);
    expect((await events.next()).runs).toMatchObject([{ end: { reason: 'resumed_same_codex_session' } }]);
  });

  it('a recording that was replaced by one of the same length is told of, and one that went as well', async () => {
    const place = await inspect();
    const events = readEvents(place.inspector.url, place.cookie);
    await events.next();
    const [file, fresh] = ['call.jsonl', 'fresh'].map((name) => join(place.folder, name)) as [string, string];
    fs.writeFileSync(file, recordingText());
    const { runs } = await events.next();
    expect(runs).toMatchObject([{ header: { event: 'Stop' } }]);
    fs.writeFileSync(fresh, recordingText({ event: 'Halt' }));
    fs.renameSync(fresh, file);
    expect(await events.next()).toMatchObject({ runs: [{ id: runs[0]?.id, header: { event: 'Halt' } }], gone: [] });
    fs.rmSync(file);
    expect(await events.next()).toEqual({ runs: [], gone: [runs[0]?.id] });
  });

  it('a folder that is not there yet is looked for', async () => {
    const place = await inspect((folder) => fs.rmdirSync(folder));
    const events = readEvents(place.inspector.url, place.cookie);
    expect((await events.next()).runs).toEqual([]);
    fs.mkdirSync(place.folder);
    fs.writeFileSync(join(place.folder, 'late.jsonl'), recordingText());
    expect((await events.next()).runs).toMatchObject([{ name: 'late.jsonl' }]);
  });

  it('data of the page cannot end the element that holds them', async () => {
    const { fillPage } = await import('../../src/inspect/page-file.ts');
    const name = '</script><script>alert(1)</script>$&<!--';
    const page = fillPage(template, { mode: 'file', runs: [{ name, text: '' }] });
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    const [, text = ''] = /id="data">(.*)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(text)).toEqual({ mode: 'file', runs: [{ name, text: '' }] });
  });
});
