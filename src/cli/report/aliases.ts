/**
 * Names that stand for others: `kind-1` for the first one that is asked for, the same for the same one.
 *
 * @param kind - what they are
 */
export function aliases(kind: string): (value: string) => string {
  const given = new Map<string, string>();
  return (value) => {
    const alias = given.get(value) ?? `${kind}-${given.size + 1}`;
    given.set(value, alias);
    return alias;
  };
}
