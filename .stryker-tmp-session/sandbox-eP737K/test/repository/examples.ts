// @ts-nocheck
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { entries } from '../../scripts/entries.js';
import { root } from '../../scripts/lib/root.js';
import { isReference } from './references.js';

/** A block of TypeScript in a docstring or a Markdown page. */
export interface Example {
  /** Path from the root, and the line of the block's first line. */
  readonly path: string;
  readonly line: number;
  readonly code: string;
  /** False for a block fenced as `ts no-run`, which is only type-checked. */
  readonly run: boolean;
}

/** Finds every block fenced as `ts`: in docstrings after `@example`, in Markdown anywhere. */
export function findExamples(path: string, text: string): Example[] {
  if (path.endsWith('.md')) return fencedBlocks(path, text.split('\n'), 0);
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const offset = comment[0].indexOf('@example');
    if (offset < 0) return [];
    const before = text.slice(0, comment.index + offset).split('\n').length - 1;
    const lines = comment[0].slice(offset).split('\n');
    return fencedBlocks(
      path,
      lines.map((line) => line.replace(/^\s*\* ?/, '')),
      before,
    );
  });
}

function fencedBlocks(path: string, lines: readonly string[], before: number): Example[] {
  const found: Example[] = [];
  let start = -1;
  let info = '';
  lines.forEach((line, index) => {
    const fence = /^\s*```(.*)$/.exec(line);
    if (fence === null) return;
    if (start < 0) {
      start = index + 1;
      info = fence[1]?.trim() ?? '';
      return;
    }
    if (/^ts( no-run)?$/.test(info)) {
      const code = lines.slice(start, index).join('\n');
      found.push({ path, line: before + start + 1, code, run: info === 'ts' });
    }
    start = -1;
  });
  return found;
}

/** What each source file exports: the name, and whether it exists at run time. */
export type Exports = ReadonlyMap<string, ReadonlyMap<string, 'value' | 'type'>>;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Reads the exports of every source file. */
export function readExports(sources: readonly string[]): Exports {
  const program = ts.createProgram(
    sources.map((path) => join(root, path)),
    OPTIONS,
  );
  const checker = program.getTypeChecker();
  const found = new Map<string, ReadonlyMap<string, 'value' | 'type'>>();
  for (const path of sources) {
    const source = program.getSourceFile(join(root, path));
    const module = source && checker.getSymbolAtLocation(source);
    const names = (module ? checker.getExportsOfModule(module) : []).map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return [symbol.name, target.flags & ts.SymbolFlags.Value ? 'value' : 'type'] as const;
    });
    found.set(path, new Map(names));
  }
  return found;
}

/**
 * The import lines that an example in a docstring may leave out: for names that its own file, another file of its
 * folder, or the package exports.
 */
export function missingImports(example: Example, exported: Exports): string {
  if (example.path.endsWith('.md')) return '';
  const folder = dirname(example.path);
  const nearby = folder === 'src' ? [] : [...exported.keys()].filter((path) => dirname(path) === folder);
  const imports: string[] = [];
  for (const name of freeNames(example.code)) {
    const home = [example.path, ...nearby, 'src/index.ts'].find((path) => exported.get(path)?.has(name));
    if (home === undefined) continue;
    const kind = exported.get(home)?.get(name) === 'type' ? 'type ' : '';
    imports.push(`import { ${kind}${name} } from 'source:${home}';`);
  }
  return imports.join(' ');
}

function freeNames(code: string): string[] {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const declares = isNamedDeclaration(node.parent) && node.parent.name === node;
      if (declares) declared.add(node.text);
      else if (isReference(node)) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(code));
  return [...used].filter((name) => !declared.has(name)).sort();
}

const isNamedDeclaration = (node: ts.Node): node is ts.Node & { name?: ts.Node } =>
  ts.isVariableDeclaration(node) ||
  ts.isBindingElement(node) ||
  ts.isParameter(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isClassDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isImportClause(node) ||
  ts.isImportSpecifier(node) ||
  ts.isNamespaceImport(node);

const parse = (code: string): ts.SourceFile =>
  ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);

/**
 * The example with its claims made into checks: a statement whose line ends in `// => value` must give that value
 * (of `console.log(x)`, the argument counts), one whose line ends in `// throws Name` must throw that error.
 * A value may go on in comment lines below it, indented by three spaces or more.
 */
export function withChecks(code: string): string {
  const source = parse(code);
  const edits: { from: number; to: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    const claim =
      ts.isExpressionStatement(node) || ts.isVariableStatement(node) ? claimAfter(code, node.end) : undefined;
    if (claim === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    const from = node.getStart(source);
    const statement = code.slice(from, node.end);
    const text =
      claim.kind === 'throws'
        ? `await $throws(async () => { ${statement}\n }, ${JSON.stringify(claim.text)});`
        : valueCheck(node as ts.ExpressionStatement | ts.VariableStatement, statement, claim.text);
    edits.push({ from, to: node.end, text });
  };
  visit(source);
  return edits.reduceRight((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), code);
}

function claimAfter(code: string, end: number): { kind: 'throws' | 'value'; text: string } | undefined {
  const [first = '', ...rest] = code.slice(end).split('\n');
  const throws = /^\s*\/\/ throws (\w+)/.exec(first);
  if (throws?.[1] !== undefined) return { kind: 'throws', text: throws[1] };
  const value = /^\s*\/\/ => (.+)$/.exec(first);
  if (value?.[1] === undefined) return undefined;
  const lines = [value[1]];
  for (const line of rest) {
    const more = /^\s*\/\/ {3,}(.+)$/.exec(line);
    if (more?.[1] === undefined) break;
    lines.push(more[1]);
  }
  return { kind: 'value', text: lines.join(' ') };
}

function valueCheck(
  node: ts.ExpressionStatement | ts.VariableStatement,
  statement: string,
  value: string,
): string {
  const text = JSON.stringify(value);
  const expected = isExpression(value) ? `() => (${value})` : 'undefined';
  if (ts.isVariableStatement(node)) {
    const name = node.declarationList.declarations.at(-1)?.name.getText() ?? '';
    return `${statement} $equal(${name}, ${expected}, ${text});`;
  }
  const { expression } = node;
  const logged =
    ts.isCallExpression(expression) && expression.expression.getText() === 'console.log'
      ? expression.arguments[0]
      : undefined;
  return `$equal(${(logged ?? expression).getText()}, ${expected}, ${text});`;
}

/** Whether a value is written as an expression; else it is compared with what `util.inspect` prints. */
function isExpression(value: string): boolean {
  if (/\b\w+(\(\d+\))? [[{]/.test(value)) return false;
  const { diagnostics = [] } = ts.transpileModule(`(${value});`, { reportDiagnostics: true });
  return diagnostics.length === 0;
}

const ASSERTIONS = `
import { inspect, isDeepStrictEqual } from 'node:util';
const plain = (text) => text.replace(/\\b(\\w+)\\(\\d+\\) /g, '$1 ').replace(/\\s+/g, '');
export function $equal(actual, expected, text) {
  const printed = inspect(actual, { depth: Infinity, maxArrayLength: Infinity, breakLength: Infinity });
  const equal = expected ? isDeepStrictEqual(actual, expected()) : plain(printed) === plain(text);
  if (!equal) throw new Error('the example promises ' + text + ' and gives ' + printed);
}
export async function $throws(run, name) {
  let error;
  try { await run(); } catch (caught) { error = caught; }
  if (error === undefined) throw new Error('the example promises ' + name + ' and throws nothing');
  if (error.name !== name) throw new Error('the example promises ' + name + ' and throws ' + inspect(error));
}`;

/** The source file that an import in an example means: `puremqtt`, `puremqtt/codec`, or `source:src/...`. */
function sourceOf(specifier: string): string | undefined {
  if (specifier.startsWith('source:')) return specifier.slice('source:'.length);
  const entry = /^puremqtt(?:\/(.+))?$/.exec(specifier);
  return entry === null ? undefined : entries[entry[1] ?? 'index'];
}

// Inside node_modules, so that an example's imports of other packages are found.
const cache = join(root, 'node_modules/.cache', `puremqtt-examples-${process.pid}`);
let prepared = 0;

/** Removes what `prepare` wrote. */
export function removePrepared(): void {
  rmSync(cache, { recursive: true, force: true });
}

/** Builds the examples over the sources and gives, for each, a function that runs it and rejects when it fails. */
export async function prepare(
  examples: readonly Example[],
  exported: Exports,
): Promise<(() => Promise<void>)[]> {
  const outdir = join(cache, `${++prepared}`);
  mkdirSync(outdir, { recursive: true });
  const prelude = `import { $equal, $throws } from 'assertions';`;
  await build({
    entryPoints: examples.map((_, index) => ({ in: `example:${index}`, out: `${index}` })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    logLevel: 'silent',
    plugins: [
      {
        name: 'examples',
        setup(plugin) {
          plugin.onResolve({ filter: /^(example:|assertions$)/ }, ({ path }) => ({
            path,
            namespace: 'example',
          }));
          plugin.onResolve({ filter: /^(puremqtt|source:)/ }, ({ path }) => {
            const source = sourceOf(path);
            return source === undefined ? null : { path: join(root, source) };
          });
          plugin.onResolve({ filter: /^[a-z@]/ }, ({ path }) => ({ path, external: true }));
          plugin.onLoad({ filter: /./, namespace: 'example' }, ({ path }) => {
            const example = examples[Number(path.slice('example:'.length))];
            if (example === undefined) return { contents: ASSERTIONS, loader: 'js' };
            const contents = `${prelude} ${missingImports(example, exported)}\n${withChecks(example.code)}`;
            return { contents, loader: 'ts', resolveDir: root };
          });
        },
      },
    ],
  });
  return examples.map((_, index) => async () => {
    await import(/* @vite-ignore */ pathToFileURL(join(outdir, `${index}.mjs`)).href);
  });
}

/** Type-checks all examples in one program, and gives the errors as `path:line: text`. */
export function typeErrors(examples: readonly Example[], exported: Exports): string[] {
  const nameOf = (index: number): string => join(root, `example-${index}.ts`);
  const texts = new Map(
    examples.map((example, index) => {
      const text = `${missingImports(example, exported)}\n${example.code}\nexport {};\n`;
      const rewritten = text.replace(
        /(from\s+|import\s+|import\()'([^']+)'/g,
        (all, before: string, specifier: string) => {
          const source = sourceOf(specifier);
          return source === undefined ? all : `${before}'./${source.replace(/\.ts$/, '.js')}'`;
        },
      );
      return [nameOf(index), rewritten] as const;
    }),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, target, ...rest) => {
    const text = texts.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, target, ...rest)
      : ts.createSourceFile(name, text, target);
  };
  host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
  host.readFile = (name) => texts.get(name) ?? readFile.call(host, name);
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return examples.flatMap((example, index) => {
    const source = program.getSourceFile(nameOf(index));
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return diagnostics.map((diagnostic) => {
      const line = source?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
      const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
      return `${example.path}:${example.line + line - 1}: ${text}`;
    });
  });
}
