import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyInstall, applyUninstall } from '../../../src/cli/install/apply-plan.ts';
import type { AgentName, AgentPlace } from '../../../src/cli/install/places.ts';
import { isEmptyPlan } from '../../../src/cli/install/plan.ts';
import { type InstallWish, planInstall } from '../../../src/cli/install/plan-install.ts';
import { planUninstall } from '../../../src/cli/install/plan-uninstall.ts';
import { laidOut, soundConfig } from '../../support/odd-json.ts';
import { oddToml } from '../../support/odd-toml.ts';

const everywhere = { project: undefined };
const wish = (program: string, notify: boolean, switches: readonly string[] = []): InstallWish => ({
  command: { program: [program], switches },
  notify,
});

/** A configuration's files: absent, or with a content and a mode. */
const fileOf = (text: fc.Arbitrary<string>) =>
  fc.option(fc.record({ text, mode: fc.constantFrom(0o600, 0o644, 0o755), hasMark: fc.boolean() }), { nil: undefined });
type File = { text: string; mode: number; hasMark: boolean } | undefined;

const json = fileOf(laidOut(soundConfig));
const toml = fileOf(oddToml);

function inFolder(files: Readonly<Record<string, File>>, check: (folder: string) => void): void {
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'forge-round-'));
  try {
    for (const [name, file] of Object.entries(files)) {
      if (file === undefined) continue;
      fs.writeFileSync(join(folder, name), (file.hasMark ? '\ufeff' : '') + file.text);
      fs.chmodSync(join(folder, name), file.mode);
    }
    check(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const contents = (folder: string) =>
  fs.readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return [name, fs.statSync(path).mode, fs.readFileSync(path, 'utf8')];
  });

function roundTrip(agent: AgentName, folder: string, notify: boolean): void {
  const place: AgentPlace = { agent, folder, exists: true };
  const policies = ['--require-dead-owner', '--stale-after', '7d'];
  const install = (program: string, switches?: readonly string[]): void =>
    applyInstall(planInstall(place, everywhere, wish(program, notify, switches)), false);
  const before = contents(folder);
  install('/old/forge-resume');
  install('/new/forge-resume', policies);
  expect(isEmptyPlan([planInstall(place, everywhere, wish('/new/forge-resume', notify, policies))])).toBe(true);
  applyUninstall(planUninstall(place, everywhere));
  expect(contents(folder)).toEqual(before);
}

describe('install, install anew, uninstall: whatever stood there, every byte and mode is as before', () => {
  it('Claude Code', () => {
    fc.assert(
      fc.property(json, (settings) =>
        inFolder({ 'settings.json': settings }, (folder) => roundTrip('claude', folder, false)),
      ),
    );
  });

  it('Codex', () => {
    fc.assert(
      fc.property(json, toml, fc.boolean(), (hooks, config, notify) =>
        inFolder({ 'hooks.json': hooks, 'config.toml': config }, (folder) => roundTrip('codex', folder, notify)),
      ),
    );
  });
});
