/**
 * Hosts of a network of their own: network namespaces around a router that can drop packets without a word. None has a name;
 * each ends with the processes in it, and those with us.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { needs } from './tools.ts';

/** Which packets of a host the router drops: all, those that it sends, those that it is sent. */
export type Cut = 'both' | 'requests' | 'replies';

/** A host, which reaches the others over the router. */
export interface NetworkHost {
  readonly address: string;
  /** What stands before a command that is to run there. */
  readonly inside: readonly string[];
  /** Drops its packets from now on. Nobody is told: interfaces stay up, no connection is reset. */
  readonly cut: (cut: Cut) => void;
  /** Drops no packet of it any more. */
  readonly heal: () => void;
}

/** The hosts, and what ends them. */
export interface Network {
  readonly addHost: () => Promise<NetworkHost>;
  /** Ends the namespaces in which nothing of the tests runs any more. */
  readonly stop: () => Promise<void>;
}

/** All addresses of such a network. */
export const networkAddresses = '10.250.0.0/16';

/**
 * Whether a suite that needs a network of its own can run.
 *
 * @throws Error where it cannot and `FORGE_RESUME_REQUIRE_TOOLS=1` asks for every suite to run
 */
export function needsNetwork(): boolean {
  if (!['unshare', 'nsenter', 'ip'].every(needs)) return false;
  const isGranted =
    spawnSync('unshare', ['-n', 'ip', 'link', 'add', 'here', 'type', 'veth'], { stdio: 'ignore' }).status === 0;
  if (isGranted) return true;
  const hint = 'this suite makes network namespaces, which needs root';
  if (process.env['FORGE_RESUME_REQUIRE_TOOLS'] === '1') throw new Error(hint);
  console.warn(`skipped: ${hint}`);
  return false;
}

/** Makes a network without hosts; the caller must `stop` it. */
export async function startNetwork(): Promise<Network> {
  const holders: ChildProcessWithoutNullStreams[] = [];
  const add = async (): Promise<number> => {
    const holder = await holdNamespace();
    holders.push(holder);
    return holder.pid ?? 0;
  };
  const router = await add();
  inNamespace(router, ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
  let hosts = 0;
  return {
    addHost: async () => {
      const number = ++hosts;
      const pid = await add();
      const [gateway, address] = [`10.250.${number}.1`, `10.250.${number}.2`];
      ip(router, [
        `link add h${number} type veth peer name eth0 netns ${pid}`,
        `addr add ${gateway}/30 dev h${number}`,
        `link set h${number} up`,
      ]);
      ip(pid, [
        'link set lo up',
        `addr add ${address}/30 dev eth0`,
        'link set eth0 up',
        `route add default via ${gateway}`,
      ]);
      let dropped: readonly string[] = [];
      return {
        address,
        inside: enter(pid),
        cut: (cut) => {
          const rules = { requests: [`from ${address}`], replies: [`to ${address}`] };
          dropped = cut === 'both' ? [...rules.requests, ...rules.replies] : rules[cut];
          ip(
            router,
            dropped.map((packets) => `rule add ${packets} blackhole`),
          );
        },
        heal: () => {
          ip(
            router,
            dropped.map((packets) => `rule del ${packets} blackhole`),
          );
          dropped = [];
        },
      };
    },
    stop: async () => {
      await Promise.all(
        holders.splice(0).map(async (holder) => {
          const ended = once(holder, 'exit');
          holder.stdin.end();
          await ended;
        }),
      );
    },
  };
}

/** A process in a network namespace of its own, which ends when we do. */
async function holdNamespace(): Promise<ChildProcessWithoutNullStreams> {
  const holder = spawn('unshare', ['-n', 'sh', '-c', 'echo there; exec cat']);
  const failed = once(holder, 'exit').then(() => Promise.reject(new Error('no network namespace was granted')));
  failed.catch(() => undefined);
  await Promise.race([once(holder.stdout, 'data'), failed]);
  return holder;
}

const enter = (pid: number): readonly string[] => ['nsenter', '-t', String(pid), '-n'];

function inNamespace(pid: number, command: readonly string[], input = ''): void {
  const [program = '', ...args] = [...enter(pid), ...command];
  const { status, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
}

const ip = (pid: number, lines: readonly string[]): void => inNamespace(pid, ['ip', '-batch', '-'], lines.join('\n'));
