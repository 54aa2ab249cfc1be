/** What the package's entries give to callers, as the compiler sees it. */
import { join } from 'node:path';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import { API, type Checker, type Symbol as NamedThing, type Project, SymbolFlags } from 'typescript/unstable/sync';

const root = join(import.meta.dirname, '..', '..');

/** What is wrong with the types of an entry. */
export interface EntryFaults {
  /** Exported things and fields of exported types without a docstring, as `Type.field`. */
  readonly bare: readonly string[];
  /** Types that an exported one names and that cannot be imported from there, as `Type names Other`. */
  readonly unnamed: readonly string[];
  /** How many fields were looked at. */
  readonly fields: number;
}

/**
 * Looks at the types of entries, and at those that they name.
 *
 * @param entries - paths from the root of the package
 */
export function faultsOf(entries: readonly string[]): ReadonlyMap<string, EntryFaults> {
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProject: join(root, 'tsconfig.json') }).getProjects();
    if (project === undefined) throw new Error('the compiler opens no project');
    return new Map(entries.map((entry) => [entry, new Entry(project, entry).faults()]));
  } finally {
    api.close();
  }
}

const members: readonly SyntaxKind[] = [
  SyntaxKind.PropertySignature,
  SyntaxKind.MethodSignature,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodDeclaration,
];
/** What a type is made of needs no name of its own. */
const parts: readonly SyntaxKind[] = [
  SyntaxKind.HeritageClause,
  SyntaxKind.IntersectionType,
  SyntaxKind.IndexedAccessType,
];
const isPartOf = (node: Node): boolean =>
  parts.includes(node.kind) || (node as { readonly operator?: SyntaxKind }).operator === SyntaxKind.KeyOfKeyword;
const bodies: readonly SyntaxKind[] = [SyntaxKind.Block, SyntaxKind.ArrowFunction, SyntaxKind.CallExpression];

type Parts = Node & {
  readonly name?: Node & { readonly text?: string };
  readonly type?: Node;
  readonly typeName?: Node;
  readonly expression?: Node;
};

class Entry {
  readonly #project: Project;
  readonly #checker: Checker;
  readonly #entry: string;
  readonly #seen = new Set<number>();
  readonly #bare = new Set<string>();
  readonly #unnamed = new Set<string>();
  #public = new Set<number>();
  #fields = 0;

  constructor(project: Project, entry: string) {
    this.#project = project;
    this.#checker = project.checker;
    this.#entry = entry;
  }

  faults(): EntryFaults {
    const file = this.#project.program.getSourceFile(join(root, this.#entry));
    const module = file && this.#checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`${this.#entry} is no module`);
    const exported = this.#checker.getExportsOfModule(module).map((one) => this.#target(one));
    this.#public = new Set(exported.map(({ id }) => id));
    for (const one of exported) this.#visit(one);
    return { bare: [...this.#bare], unnamed: [...this.#unnamed], fields: this.#fields };
  }

  #target(thing: NamedThing): NamedThing {
    return thing.flags & SymbolFlags.Alias ? this.#checker.getAliasedSymbol(thing) : thing;
  }

  #visit(thing: NamedThing): void {
    if (this.#seen.has(thing.id)) return;
    this.#seen.add(thing.id);
    const nodes = thing.declarations.flatMap((one) => one.resolve(this.#project) ?? []);
    for (const node of nodes) {
      // The docstring of a constant stands before its statement.
      const whole = node.kind === SyntaxKind.VariableDeclaration ? node.parent.parent : node;
      if (this.#public.has(thing.id) && !hasDocstring(whole)) this.#bare.add(thing.name);
      node.forEachChild((child) => this.#walk(child, thing.name));
    }
  }

  #walk(node: Node, owner: string, isPart = false, isInField = false): void {
    if (bodies.includes(node.kind)) return;
    const { name, type, typeName, expression } = node as Parts;
    const isField = members.includes(node.kind);
    if (isField && name?.kind === SyntaxKind.PrivateIdentifier) return;
    if (isField && !isInField) {
      this.#fields += 1;
      if (!hasDocstring(node) && !isOneValue(type) && !isOneLine(node.parent) && !this.#isInherited(node))
        this.#bare.add(`${owner}.${name?.text}`);
    }
    const named = node.kind === SyntaxKind.ExpressionWithTypeArguments ? expression : typeName;
    if (named !== undefined) this.#meet(named, owner, isPart);
    node.forEachChild((child) =>
      this.#walk(child, owner, (isPart && !isField) || isPartOf(node), isInField || isField),
    );
  }

  /** A type is named. */
  #meet(name: Node, owner: string, isPart: boolean): void {
    const found = this.#checker.getSymbolAtLocation(name);
    const thing = found && this.#target(found);
    const declared = thing?.declarations[0]?.resolve(this.#project);
    if (thing === undefined || declared === undefined || declared.kind === SyntaxKind.TypeParameter) return;
    const { fileName } = declared.getSourceFile();
    if (!fileName.startsWith(root) || fileName.includes('node_modules')) return;
    if (!isPart && !this.#public.has(thing.id)) this.#unnamed.add(`${owner} names ${thing.name}`);
    this.#visit(thing);
  }

  /** Whether a type that this one extends says what the field is. */
  #isInherited(node: Node): boolean {
    const { name, parent } = node as Parts;
    if (parent.kind !== SyntaxKind.InterfaceDeclaration) return false;
    const own = this.#checker.getTypeAtLocation(parent);
    return (own === undefined ? [] : this.#checker.getBaseTypes(own as never)).some((base) =>
      this.#checker
        .getPropertyOfType(base, name?.text ?? '')
        ?.declarations.some((one) => hasDocstring(one.resolve(this.#project) ?? node)),
    );
  }
}

const textOf = (node: Node): string => node.getSourceFile().text.slice(node.pos, node.end);
const hasDocstring = (node: Node): boolean => /^\s*(\/\/.*\n\s*)*\/\*\*/.test(textOf(node));
/** What has but one value says what its object is, which that one's docstring tells. */
const isOneValue = (type: Node | undefined): boolean =>
  type !== undefined && [SyntaxKind.LiteralType, SyntaxKind.TypeQuery, SyntaxKind.NeverKeyword].includes(type.kind);
const isOneLine = (node: Node): boolean => !textOf(node).trim().includes('\n');
