import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Changed } from '../listed-run.ts';
import { fillPage, type PageData, policyOf } from '../page-file.ts';
import { addressOf, cookieOf, type Gate, judge } from './access.ts';
import { EventStream } from './event-stream.ts';
import { LaidOutCharts } from './laid-out-charts.ts';
import { Recordings, type Shown } from './recordings.ts';

/** What is served. */
export interface ServeOptions {
  readonly shown: Shown;
  /** The page as it was built. */
  readonly template: string;
  /** Default: any that is free. */
  readonly port?: number | undefined;
  /** What the page is given with its HTML; default: that it stands before a server. */
  readonly data?: PageData | undefined;
}

/** A server that runs. */
export interface Inspector {
  /** Where a browser finds the page, token included. */
  readonly url: string;
  /** The same for one request: for whoever shows it to others on the way to a browser. */
  readonly urlOnce: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves the page and the recordings on loopback: to whoever has the token, to no foreign
 * page, and nothing of the disk but the recordings.
 *
 * @param options - what is served, and where
 * @throws the operating system's error where the port cannot be had
 */
export async function serve({
  shown,
  template,
  port = 0,
  data = { mode: 'served' },
}: ServeOptions): Promise<Inspector> {
  const recordings = new Recordings(shown);
  const events = new EventStream();
  const charts = new LaidOutCharts();
  const gate: Gate & { port: number } = { port, token: newToken(), tokenOnce: newToken() };
  const page = { html: fillPage(template, data), policy: `${policyOf(template)}; frame-ancestors 'none'` };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    setHeaders(response, page.policy);
    const status = judge(request, gate);
    if (status === 200) answer({ request, response, gate, recordings, charts, events, html: page.html });
    else response.writeHead(status).end(refusals[status]);
  };
  const servers = [createServer(handle), createServer(handle)] as const;
  try {
    await listen(servers[0], { port, host: '127.0.0.1' });
  } catch (error) {
    events.close();
    throw error;
  }
  gate.port = (servers[0].address() as AddressInfo).port;
  // A browser that takes `localhost` for the other loopback finds it there; where that is taken or missing, the first does.
  await listen(servers[1], { port: gate.port, host: '::1' }).catch(() => undefined);
  recordings.watch((changed) => events.tell(changed));
  const urlWith = (token: string | undefined): string => `http://127.0.0.1:${gate.port}/?token=${token}`;
  return {
    url: urlWith(gate.token),
    urlOnce: urlWith(gate.tokenOnce),
    close: async () => {
      recordings.close();
      charts.close();
      events.close();
      await Promise.all(servers.map(end));
    },
  };
}

const newToken = (): string => randomBytes(32).toString('base64url');

const refusals = {
  403: 'Not allowed. Open the address that forge-resume inspect printed.\n',
  405: 'Only GET.\n',
} as const;

function setHeaders(response: ServerResponse, policy: string): void {
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly gate: Gate;
  readonly recordings: Recordings;
  readonly charts: LaidOutCharts;
  readonly events: EventStream;
  readonly html: string;
}

function answer({ request, response, gate, recordings, charts, events, html }: Exchange): void {
  const { pathname, searchParams } = addressOf(request);
  if (pathname === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8').setHeader('Set-Cookie', cookieOf(gate)).end(html);
  } else if (pathname === '/events') {
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    events.add(response, { runs: recordings.list(), gone: [] } satisfies Changed);
  } else {
    const [, what, id = ''] = /^\/(recordings|charts)\/([0-9a-f]{16})$/.exec(pathname) ?? [];
    const from = what === 'charts' ? 0 : Math.max(0, Number(searchParams.get('from')) || 0);
    const piece = recordings.read(id, from);
    if (piece === undefined) response.writeHead(404).end('No such recording.\n');
    else if (what === 'charts') void answerChart(response, charts.of(piece.bytes.toString('utf8')));
    else response.setHeader('X-Next', String(piece.next)).end(piece.bytes);
  }
}

async function answerChart(response: ServerResponse, asked: Promise<string | undefined>): Promise<void> {
  const chart = await asked;
  if (chart === undefined)
    response.writeHead(404).end('No chart of its own, elkjs is not installed, or it takes too long.\n');
  else response.setHeader('Content-Type', 'application/json').end(chart);
}

const listen = (server: Server, where: { readonly port: number; readonly host: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, resolve);
  });

const end = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
