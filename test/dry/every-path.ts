import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { ResumePath } from '../../src/graph/paths.ts';
import { protocol } from '../../src/rules/protocol.ts';
import { createFileWorld } from '../../src/testing/file-world/file-world.ts';
import { runPath } from '../../src/testing/run-path.ts';
import type { World } from '../../src/testing/world.ts';
import { compareCall, type DryReport, newReport } from './same-answer.ts';

/**
 * Leads the real machine along paths of the chart, and at each state of the disk on the way compares what a call would come
 * to with what it comes to.
 *
 * @param paths - of `resumePaths`
 */
export async function compareOnPaths(paths: readonly ResumePath[]): Promise<DryReport> {
  const report = newReport();
  const seen = new Set<string>();
  for (const path of paths) {
    let stateDir = '';
    const world = createFileWorld({
      alter: (actors, folder) => {
        stateDir = folder;
        return actors;
      },
    });
    const copies: string[] = [];
    const photograph = (): void => {
      const project = dirname(dirname(stateDir));
      const hash = hashOf(project);
      if (seen.has(hash) || !fs.existsSync(stateDir)) return;
      seen.add(hash);
      const copy = `${project}.copy-${copies.length}`;
      fs.cpSync(project, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      // Who holds the lock is no matter of what a call comes to once it has it.
      fs.rmSync(join(copy, '.rcs/state', protocol.files.lockFolder), { recursive: true, force: true });
      copies.push(copy);
    };
    try {
      await runPath(path, photographing(world, photograph));
      photograph();
      for (const [index, copy] of copies.entries()) {
        const { payloadSessionId, payloadThreadId, policies } = path.input;
        const call = { stateDir: join(copy, '.rcs', 'state'), payloadSessionId, payloadThreadId, env: {}, ...policies };
        await compareCall(copy, { ...call, companions: 'carry' }, `${path.id}, moment ${index}`, report);
      }
    } finally {
      for (const copy of copies) fs.rmSync(copy, { recursive: true, force: true });
      world.dispose();
    }
  }
  console.log(`dry calls on ${seen.size} states of ${paths.length} paths: ${JSON.stringify(report)}`);
  return report;
}

/** A world that tells whenever it has put something in place for an actor. */
function photographing(world: World, tell: () => void): World {
  return {
    ...world,
    arrange: (path) => {
      const interfere = world.arrange(path);
      return (moment) => {
        const undo = interfere(moment);
        tell();
        return undo;
      };
    },
  };
}

/** What a project holds, but for the lock, ids that are made up, and times. */
function hashOf(project: string): string {
  const hash = createHash('sha256');
  for (const name of fs.readdirSync(project, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(project, name);
    const stat = fs.lstatSync(path);
    if (name.includes('.lock.')) continue;
    hash.update(`${name} ${stat.mode}\n`);
    if (stat.isFile())
      hash.update(fs.readFileSync(path, 'utf8').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|"t?[\w-]{8,}"|\d{6,}/g, '_'));
  }
  return hash.digest('hex');
}
