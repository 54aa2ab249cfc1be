import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkWritable } from './check-writable.ts';
import { type ConfigFile, encoded, readConfig, readRegular } from './config-file.ts';
import { hooksIn, removeJsonHooks } from './json-hooks.ts';
import { parseJson } from './json-text.ts';
import { isHandWritten } from './own-command.ts';
import { type AgentPlace, isInScope, type Scope } from './places.ts';
import type { AgentPlan, FilePlan } from './plan.ts';
import { backupOf, type Receipt, readReceipt, receiptName, sha256 } from './receipt.ts';
import { inFile, Refusal } from './refusal.ts';
import { removeTomlHooks, tomlHooks } from './toml-hooks.ts';
import { removeNotify } from './toml-notify.ts';
import { parseToml } from './toml-text.ts';

/** A file without us, what was taken out, and which of its hooks call us in a way that a person wrote. */
interface Removal {
  readonly text: string;
  readonly changes: readonly string[];
  readonly byHand: readonly string[];
}

const names = { codex: ['hooks.json', 'config.toml'], claude: ['settings.json'] } as const;

/**
 * Plans what an agent's configuration becomes when we are taken out of it: the bytes from before, where nobody has
 * changed the file since, else the file without our entries. Nothing is written.
 *
 * @param place - the agent's folder
 * @param scope - for whom
 * @throws Refusal where a file cannot be edited; it names the file
 */
export function planUninstall(place: AgentPlace, scope: Scope): AgentPlan {
  const receipt = readReceipt(place.folder);
  const plans = names[place.agent].map((name) => planFile(join(place.folder, name), receipt?.files[name], scope));
  const own = [
    join(place.folder, receiptName),
    ...names[place.agent].map((name) => backupOf(join(place.folder, name))),
  ];
  return {
    place,
    files: plans.flatMap(({ plan }) => plan ?? []),
    notes: plans.flatMap(({ notes }) => notes),
    receipt,
    leftovers: own.filter((path) => existsSync(path)),
  };
}

type Entry = Receipt['files'][string] | undefined;

function planFile(
  path: string,
  entry: Entry,
  scope: Scope,
): { readonly plan?: FilePlan; readonly notes: readonly string[] } {
  return inFile(path, () => {
    const file = readConfig(path);
    if (file.bytes === undefined) return { notes: [] };
    const { text, changes, byHand } = removal(file);
    const notes =
      byHand.length === 0 ? [] : [`${byHand.join(', ')}: a hook in ${path} was written by hand; take it out by hand`];
    if (changes.length === 0) return { notes };
    if (!isInScope(file.target, scope)) throw new Refusal('leads out of the project by a link; it is left alone');
    checkWritable(file);
    const before = bytesBefore(file, entry);
    return { plan: { file, after: before === 'none' ? undefined : (before ?? encoded(file, text)), changes }, notes };
  });
}

function removal({ path, text }: ConfigFile): Removal {
  if (!path.endsWith('.toml')) {
    const edit = removeJsonHooks(text);
    const byHand = hooksIn(parseJson(edit.text), isHandWritten).map(({ event }) => event);
    return { text: edit.text, changes: edit.events.map((event) => `hook ${event}`), byHand };
  }
  const hooks = removeTomlHooks(text);
  const notify = removeNotify(hooks.text);
  return {
    text: notify.text,
    changes: [...hooks.events.map((event) => `hook ${event}`), ...(notify.isChanged ? ['notify'] : [])],
    byHand: tomlHooks(parseToml(notify.text), isHandWritten).map(({ event }) => event),
  };
}

/** The bytes from before the installation, if the file is as we left it and nothing of ours was in it then. */
function bytesBefore(file: ConfigFile, entry: Entry): Buffer | 'none' | undefined {
  if (file.bytes === undefined || entry === undefined || sha256(file.bytes) !== entry.after) return undefined;
  if (entry.before === null) return 'none';
  try {
    const bytes = readRegular(backupOf(file.path))?.bytes;
    if (bytes === undefined || sha256(bytes) !== entry.before) return undefined;
    const text = bytes.toString();
    return removal({ ...file, text: file.hasMark ? text.slice(1) : text }).changes.length === 0 ? bytes : undefined;
  } catch {
    return undefined;
  }
}
