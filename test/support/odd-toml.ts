/** Codex configurations in TOML as people leave them: tables, comments, strings that look like something else. */
import fc from 'fast-check';
import { parse } from 'smol-toml';

const heads = [
  '#:schema ./config-schema.json\n# mine\n',
  '# a comment about nothing\n\n',
  'model = "x" # notify = ["a"]\n',
  'text = """\nnotify = ["in a string"]\n[[hooks.Stop]]\n# >>> forge-resume\n"""\n',
  "raw = '''\n[hooks]\n'''\n",
  'big = 9223372036854775807\nfraction = 1e400\nday = 1979-05-27\nwhen = 1979-05-27T07:32:00Z\n',
  'dotted.key.here = [1,\n  2, # two\n]\n',
  '"quoted key" = { a = 1, "b" = [] }\n',
] as const;

const notifies = [
  '',
  'notify = ["notify-send", "Codex"]\n',
  'notify = [ # mine\n  "sh", \'-c\',\n  "echo ]\\" [",\n] # end\n',
  '"notify"=["a"]\n',
  'notify = []\n',
] as const;

const tables = [
  '[features]\nhooks = true\n',
  '[hooks.state."/home/me/.codex/hooks.json:stop:0:0"]\ntrusted_hash = "sha256:00"\n',
  '[[hooks.Stop]]\nmatcher = "*"\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "say done"\n',
  '[[hooks.PreToolUse]]\n\n  [[hooks.PreToolUse.hooks]]\n  type = "command" # c\n  command = \'x\'\n',
  '[mcp_servers.x]\nargs = ["notify = []", "[[hooks.Stop]]"]\nnotify = ["not the top"]\n',
  '[[list]]\n[[list]]\na = 1\n',
] as const;

const pick = (all: readonly string[]) => fc.shuffledSubarray([...all]).map((parts) => parts.join(''));

/** A configuration that parses, with or without a final line end. */
export const oddToml = fc
  .tuple(pick(heads), fc.constantFrom(...notifies), pick(heads), pick(tables), fc.boolean(), fc.boolean())
  .map(([first, notify, second, last, isCut, isCrLf]) => {
    const text = first + notify + (first === '' ? second : '') + last;
    const cut = isCut ? text.replace(/\n$/, '') : text;
    return isCrLf ? cut.replaceAll('\n', '\r\n') : cut;
  })
  .filter((text) => {
    try {
      parse(text, { integersAsBigInt: true });
      return true;
    } catch {
      return false;
    }
  });
