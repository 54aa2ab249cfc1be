import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** The published JSON Schema of a line. */
export const schema: object = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../src/inspect/recording/recording.schema.json'), 'utf8'),
);

/** The same, where nothing may stand that it does not name: the schema lags behind the writer then. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner ? { ...inner, additionalProperties: false } : inner;
}

const judge = (of: unknown) => {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  formats.default(ajv);
  const validate = ajv.compile(of as object);
  return (record: unknown): string[] => (validate(record) ? [] : [ajv.errorsText(validate.errors)]);
};

/** What is wrong with a record by the published schema. */
export const problemsOf: (record: unknown) => string[] = judge(schema);
/** Likewise, and which of its fields the schema does not name. */
export const unnamedIn: (record: unknown) => string[] = judge(closed(schema));
