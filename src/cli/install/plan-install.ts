import { checkWritable } from './check-writable.ts';
import { type ConfigFile, encoded, readRegular } from './config-file.ts';
import { eventsOf, isOurs, jsonText, readIn } from './find-installed.ts';
import { type HookEvent, hookEvents } from './hook-events.ts';
import { addJsonHooks, type HooksEdit, hooksIn } from './json-hooks.ts';
import { parseJson } from './json-text.ts';
import { hookLine, isHandWritten, type OwnCommand } from './own-command.ts';
import { type AgentPlace, isInScope, type Scope } from './places.ts';
import type { AgentPlan, FilePlan } from './plan.ts';
import { backupOf, readReceipt } from './receipt.ts';
import { inFile, Refusal } from './refusal.ts';
import { addTomlHooks, hasTomlHooks, tomlHooks } from './toml-hooks.ts';
import { addNotify } from './toml-notify.ts';
import { parseToml, type TomlDocument } from './toml-text.ts';

/** What is to be installed. */
export interface InstallWish {
  readonly command: OwnCommand;
  /** As Codex's notification program, too. */
  readonly notify: boolean;
}

/**
 * Plans what an agent's configuration becomes when our hooks are installed. Nothing is written.
 *
 * @param place - the agent's folder
 * @param scope - for whom
 * @param wish - what to install
 * @throws Refusal where a file cannot be edited; it names the file
 */
export function planInstall(place: AgentPlace, scope: Scope, wish: InstallWish): AgentPlan {
  const { edits, notes } = place.agent === 'codex' ? codexEdits(place, wish) : claudeEdits(place, wish);
  const files = edits.filter(({ changes }) => changes.length > 0);
  const receipt = readReceipt(place.folder);
  for (const { file } of files) {
    inFile(file.path, () => {
      if (!isInScope(file.target, scope)) throw new Refusal('leads out of the project by a link; it is left alone');
      checkWritable(file);
    });
    if (receipt === undefined) refuseForeignBackup(file);
  }
  return { place, files, notes, receipt, leftovers: [] };
}

/** Without a receipt, what stands under a backup's name is somebody's, unless it says what is to be kept. */
function refuseForeignBackup({ path, bytes }: ConfigFile): void {
  const backup = backupOf(path);
  inFile(backup, () => {
    const there = readRegular(backup)?.bytes;
    if (there === undefined || bytes === undefined || there.equals(bytes)) return;
    throw new Refusal('is there already and would be replaced; move it elsewhere');
  });
}

interface Edits {
  readonly edits: readonly FilePlan[];
  readonly notes: readonly string[];
}

const hookChanges = ({ events }: HooksEdit): string[] => events.map((event) => `hook ${event}`);

function claudeEdits({ folder }: AgentPlace, { command }: InstallWish): Edits {
  const file = readIn(folder, 'settings.json');
  return inFile(file.path, () => {
    const edit = addJsonHooks(jsonText(file), hookLine(command), hookEvents);
    const root = parseJson(edit.text);
    const isOff = root.children?.some(
      ({ children: [key, value] = [] }) => key?.value === 'disableAllHooks' && value?.value === true,
    );
    const notes = handWrittenNotes(file.path, hooksIn(root, isHandWritten));
    if (isOff) notes.push(`"disableAllHooks" is true in ${file.path}: Claude Code runs no hook before that is changed`);
    return { edits: [filePlan(file, edit.text, hookChanges(edit))], notes };
  });
}

function codexEdits({ folder }: AgentPlace, { command, notify }: InstallWish): Edits {
  const [json, toml] = [readIn(folder, 'hooks.json'), readIn(folder, 'config.toml')];
  const document = inFile(toml.path, () => parseToml(toml.text));
  const root = inFile(json.path, () => parseJson(jsonText(json)));
  const line = hookLine(command);
  const inToml = eventsOf(tomlHooks(document, isOurs));
  const inJson = eventsOf(hooksIn(root, isOurs));
  const missing = hookEvents.filter((event) => !inToml.includes(event) && !inJson.includes(event));
  // Codex warns where it finds hooks in both.
  const prefersToml = json.bytes === undefined && hasTomlHooks(document);
  const preferred = prefersToml ? addTomlHooks(toml.text, line, [...inToml, ...missing]) : undefined;
  const tomlEdit = preferred ?? addTomlHooks(toml.text, line, inToml) ?? { text: toml.text, events: [] };
  const jsonEvents = hookEvents.filter(
    (event) => inJson.includes(event) || (missing.includes(event) && preferred === undefined),
  );
  const jsonEdit = inFile(json.path, () => addJsonHooks(jsonText(json), line, jsonEvents));
  const notifyEdit = notify ? inFile(toml.path, () => addNotify(tomlEdit.text, command.program)) : undefined;
  const tomlText = notifyEdit?.text ?? tomlEdit.text;
  const tomlChanges = [...hookChanges(tomlEdit), ...(notifyEdit?.isChanged ? ['notify'] : [])];
  const notes = [
    ...handWrittenNotes(json.path, hooksIn(root, isHandWritten)),
    ...handWrittenNotes(toml.path, tomlHooks(document, isHandWritten)),
    ...offNotes(toml.path, document),
    ...(notifyEdit?.isChanged && notifyEdit.chained.length > 0
      ? [`the notification program that is there goes on: ours starts it with the same payload`]
      : []),
  ];
  return {
    edits: [filePlan(json, jsonEdit.text, hookChanges(jsonEdit)), filePlan(toml, tomlText, tomlChanges)],
    notes,
  };
}

const filePlan = (file: ConfigFile, text: string, changes: readonly string[]): FilePlan => ({
  file,
  after: encoded(file, text),
  changes,
});

const handWrittenNotes = (path: string, hooks: readonly { readonly event: HookEvent }[]): string[] =>
  hooks.length === 0
    ? []
    : [`${eventsOf(hooks).join(', ')}: a hook in ${path} that was written by hand stays as it is`];

function offNotes(path: string, { features }: TomlDocument): string[] {
  if (typeof features !== 'object' || Array.isArray(features) || features instanceof Date) return [];
  const off = ['hooks', 'codex_hooks'].find((name) => features[name] === false);
  return off === undefined ? [] : [`[features] ${off} is false in ${path}: Codex runs no hook before that is changed`];
}
