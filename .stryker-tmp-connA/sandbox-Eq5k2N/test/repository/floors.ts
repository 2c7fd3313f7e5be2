// @ts-nocheck
import ts from 'typescript';
import { isReference } from './references.js';

/**
 * The floors, lowest first. A file may import from its own unit and from every unit above it in this list; two
 * units in one row know nothing of each other. A unit is a folder of `src/` (with a slash) or a file.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ['errors.ts'],
  ['bytes/'],
  ['spec/'],
  ['topics/'],
  ['packets/'],
  ['codec.ts'],
  ['stream/'],
  ['session/'],
  ['connection/'],
  ['adapters/', 'arbitraries/'],
  ['index.ts'],
];

/** Units that `src/index.ts` leaves to entries of their own. */
const OUTSIDE_INDEX: readonly string[] = ['adapters/', 'arbitraries/'];

/** Packages that a unit may import; every other import is relative. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  'adapters/': /^(node|cloudflare):/,
  'arbitraries/': /^fast-check$/,
};

/** Globals that are not ECMAScript, and the one file that may declare them for a feature test. */
const AMBIENT: Readonly<Record<string, readonly string[]>> = {
  'bytes/utf8.ts': ['TextDecoder', 'TextEncoder'],
};

/** Globals that ECMAScript has and the core must not use: clocks, dice, hidden inputs, bigint, code from text. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'Atomics',
  'BigInt',
  'BigInt64Array',
  'BigUint64Array',
  'Date',
  'Function',
  'Intl',
  'SharedArrayBuffer',
  'eval',
  'globalThis',
]);

const unitOf = (path: string): string | undefined =>
  FLOORS.flat().find((unit) => (unit.endsWith('/') ? path.startsWith(unit) : path === unit));

const rankOf = (unit: string): number => FLOORS.findIndex((row) => row.includes(unit));

/** Checks files, given by their path under `src/`, and says in words what breaks the rules of the floors. */
export function floorViolations(files: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  const program = createProgram(files);
  const checker = program.getTypeChecker();
  for (const path of files.keys()) {
    const source = program.getSourceFile(SRC + path);
    if (source === undefined) throw new Error(`${path} was not parsed`);
    const say = (node: ts.Node, what: string): void => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${path}:${line + 1}: ${what}`);
    };
    const unit = unitOf(path);
    if (unit === undefined) {
      say(source, 'belongs to no floor');
      continue;
    }
    if (!/^\/\/ (owned|pure)\b/.test(source.text))
      say(source, 'first line must begin with "// owned" or "// pure"');
    checkImports(source, path, unit, files, say);
    if (path === 'index.ts') checkIndex(source, say);
    if (unit !== 'adapters/') checkNames(source, path, checker, say);
  }
  return found;
}

type Say = (node: ts.Node, what: string) => void;

function checkImports(
  source: ts.SourceFile,
  path: string,
  unit: string,
  files: ReadonlyMap<string, string>,
  say: Say,
): void {
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      const problem = importProblem(path, unit, specifier, files);
      if (problem !== undefined) say(node, `import of '${specifier}': ${problem}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** The module a node names: static and dynamic imports, re-exports and `import()` types. */
function specifierOf(node: ts.Node): string | undefined {
  let specifier: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifier = node.moduleSpecifier;
  else if (ts.isImportTypeNode(node))
    specifier = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node;
  else if (ts.isExternalModuleReference(node)) specifier = node.expression;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    specifier = node.arguments[0];
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return '(computed)';
  }
  return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined;
}

function importProblem(
  path: string,
  unit: string,
  specifier: string,
  files: ReadonlyMap<string, string>,
): string | undefined {
  if (!specifier.startsWith('.')) {
    return PACKAGES[unit]?.test(specifier) ? undefined : 'only relative imports on this floor';
  }
  if (!specifier.endsWith('.js')) return 'a relative import ends in .js';
  const target = resolve(path, specifier).replace(/\.js$/, '.ts');
  if (!files.has(target)) return `src/${target} does not exist`;
  const targetUnit = unitOf(target);
  if (targetUnit === undefined) return `src/${target} belongs to no floor`;
  if (path === 'index.ts' && OUTSIDE_INDEX.includes(targetUnit))
    return `${targetUnit} has entries of its own`;
  if (targetUnit === unit || rankOf(targetUnit) < rankOf(unit)) return undefined;
  return `imports only go down, and ${targetUnit} is not below ${unit}`;
}

function resolve(path: string, specifier: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function checkIndex(source: ts.SourceFile, say: Say): void {
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) {
      say(statement, 'index.ts holds "export ... from" and nothing else');
    }
  }
  if (source.statements.length === 0) say(source, 'index.ts exports nothing');
}

function checkNames(source: ts.SourceFile, path: string, checker: ts.TypeChecker, say: Say): void {
  const ambient = AMBIENT[path] ?? [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) say(node, 'any');
    if (node.kind === ts.SyntaxKind.BigIntKeyword || ts.isBigIntLiteral(node)) say(node, 'bigint');
    if (ts.isEnumDeclaration(node)) say(node, 'enum');
    if (isAmbient(node) && !declaredNames(node).every((name) => ambient.includes(name))) {
      say(node, 'declares a name that ECMAScript does not have');
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      say(node, 'import.meta');
    if (ts.isIdentifier(node) && isReference(node)) {
      const problem = nameProblem(node, checker);
      if (problem !== undefined) say(node, problem);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** Whether a statement declares, for the compiler alone, a value or a scope that exists elsewhere. */
function isAmbient(node: ts.Node): boolean {
  if (ts.isModuleDeclaration(node)) return true;
  if (!ts.isVariableStatement(node) && !ts.isFunctionDeclaration(node) && !ts.isClassDeclaration(node))
    return false;
  return node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

function declaredNames(node: ts.Node): string[] {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.map((declaration) => declaration.name.getText());
  }
  return ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)
    ? [node.name?.text ?? '(unnamed)']
    : ['(scope)'];
}

function nameProblem(node: ts.Identifier, checker: ts.TypeChecker): string | undefined {
  const name = node.text;
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  if (symbol?.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(SRC))) {
    return undefined;
  }
  if (FORBIDDEN.has(name)) return `${name} is not for the core`;
  if (name === 'undefined' || name === 'arguments') return undefined;
  if (symbol?.declarations === undefined) return `${name} is not in ECMAScript 2022`;
  if (name === 'Math') {
    const member = ts.isPropertyAccessExpression(node.parent) ? node.parent.name.text : 'random';
    if (member === 'random') return 'Math.random is not for the core';
  }
  return undefined;
}

const SRC = '/puremqtt/src/';
const libraryFiles = new Map<string, ts.SourceFile | undefined>();

/** A program of the given files over the ECMAScript 2022 library alone. */
function createProgram(files: ReadonlyMap<string, string>): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: [],
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const textOf = (name: string): string | undefined =>
    name.startsWith(SRC) ? files.get(name.slice(SRC.length)) : undefined;
  const readLibrary = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = textOf(name);
    if (text !== undefined) return ts.createSourceFile(name, text, languageVersion, true);
    if (!libraryFiles.has(name)) libraryFiles.set(name, readLibrary(name, languageVersion, ...rest));
    return libraryFiles.get(name);
  };
  host.fileExists = (name) => textOf(name) !== undefined;
  const readFile = host.readFile.bind(host);
  host.readFile = (name) => textOf(name) ?? (name.startsWith(SRC) ? undefined : readFile(name));
  host.directoryExists = () => true;
  return ts.createProgram(
    [...files.keys()].map((path) => SRC + path),
    options,
    host,
  );
}
