/** What the actors' docstrings say, for the kit's page and for the tests that compare them with the code. */
import { readFileSync } from 'node:fs';
import { answerKinds } from '../../machines/answer-kinds.ts';

/** The parts of a docstring, in their order. */
export const duties = ['Called', 'Must', 'Must not', 'Answers', 'May throw'] as const;
/** What an actor owes. */
export type Duties = Readonly<Record<(typeof duties)[number], string>>;

const files = ['lock', 'hook', 'run', 'transfer', 'actor'].map((name) => `../../machines/${name}-contract.ts`);
const source = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('');

function parse(comment: string, name: string): Duties {
  const text = comment.replaceAll(/^\s*\* ?/gm, '');
  const entries = text
    .split(/^- (?=[A-Z][a-z ]+: )/m)
    .slice(1)
    .map((entry) => {
      const [title = '', ...said] = entry.replaceAll(/\s+/g, ' ').trim().split(': ');
      return [title, said.join(': ')] as const;
    });
  const titles = entries.map(([title]) => title);
  if (titles.join() !== duties.join()) throw new Error(`${name} says ${titles.join() || 'nothing'}`);
  return Object.fromEntries(entries) as Duties;
}

const all: ReadonlyMap<string, Duties> = new Map(
  [...source.matchAll(/ {2}\/\*\*\n((?: {3}\*.*\n)+?) {3}\*\/\n {2}(?:readonly )?(\w+): (?=\{|KeepLock)/g)].map(
    ([, comment = '', name = '']) => [name, parse(comment, name)],
  ),
);

const names = Object.keys(answerKinds);
/** The duties of every actor, by its name, in the order in which calls come to them. */
export const actorDuties: ReadonlyMap<string, Duties> = new Map(
  [...all].sort(([one], [other]) => placeOf(one) - placeOf(other)),
);
/** What answers nothing comes last. */
function placeOf(name: string): number {
  return names.includes(name) ? names.indexOf(name) : names.length;
}

/** Words in code marks. */
export const namedIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The duties as a table. */
export function renderActorTable(): string {
  const rows = [...actorDuties].map(
    ([name, owed]) => `| \`${name}\` | ${duties.map((duty) => owed[duty]).join(' | ')} |`,
  );
  const head = ['actor', ...duties.map((duty) => duty.toLowerCase())];
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n');
}
