// @ts-nocheck
import ts from 'typescript';

export type Standard = '3.1.1' | '5.0';

/** One normative statement: a row of `spec/*.tsv`. */
export interface Statement {
  readonly standard: Standard;
  readonly id: string;
  readonly layer: string;
  readonly side: string;
  readonly summary: string;
}

/** A test, or a fixture, that says it proves a statement. */
export interface Claim {
  readonly standard: Standard;
  readonly id: string;
  /** Path from the root. */
  readonly path: string;
}

export interface Reading {
  readonly claims: readonly Claim[];
  /** References that do not follow the convention, in words. */
  readonly problems: readonly string[];
}

/** Reads a table of statements: a head line, then `id`, `layer`, `side` and `summary` between tabs. */
export function parseStatements(tsv: string, standard: Standard): Statement[] {
  const [head, ...rows] = tsv.trimEnd().split('\n');
  if (head !== 'id\tlayer\tside\tsummary') throw new Error(`unexpected columns: ${head}`);
  return rows.map((row) => {
    const [id = '', layer = '', side = '', summary = '', ...rest] = row.split('\t');
    if (summary === '' || rest.length > 0) throw new Error(`not a row of four columns: ${row}`);
    return { standard, id, layer, side, summary };
  });
}

const NUMBERED = /^(3\.1\.1|5\.0): (MQTT-\d+(?:\.\d+)*-\d+)$/;
const UNNUMBERED = /^(U[35]-\d+(?:\.\d+)*-[a-z])$/;

/** The statements that a title names in brackets: `[5.0: MQTT-3.3.1-4]`, `[3.1.1: MQTT-3.3.1-4]`, `[U5-2.2.2-a]`. */
export function readTitle(title: string, path: string): Reading {
  const claims: Claim[] = [];
  const problems: string[] = [];
  for (const [whole, inside = ''] of title.matchAll(/\[([^[\]]*)\]/g)) {
    const numbered = NUMBERED.exec(inside);
    if (numbered?.[1] !== undefined && numbered[2] !== undefined) {
      claims.push({ standard: numbered[1] as Standard, id: numbered[2], path });
    } else if (UNNUMBERED.test(inside)) {
      claims.push({ standard: inside.startsWith('U3') ? '3.1.1' : '5.0', id: inside, path });
    } else if (/MQTT-\d|\bU[35]-\d/.test(inside)) {
      problems.push(`${path}: ${whole} names a statement in no known way`);
    }
  }
  return { claims, problems };
}

/** Reads every string of a test file, but those of tests that do not run (`.skip`, `.todo`). */
export function readTestFile(text: string, path: string): Reading {
  const readings: Reading[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /\.(skip|todo)\b/.test(node.expression.getText())) return;
    if (ts.isStringLiteralLike(node)) readings.push(readTitle(node.text, path));
    else if (ts.isTemplateExpression(node)) {
      for (const part of [node.head, ...node.templateSpans.map((span) => span.literal)]) {
        readings.push(readTitle(part.text, path));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return join(readings);
}

/**
 * Reads the `statement` fields (a string or a list of strings) of a fixture file, however deep. The version is the one
 * before the statement (`5.0: MQTT-...`), else the nearest `version` around the field (4, 5, "3.1.1" or "5.0"), else the
 * `v4` or `v5` in the file's path.
 */
export function readFixture(text: string, path: string): Reading {
  const readings: Reading[] = [];
  const visit = (value: unknown, inherited: Standard | undefined): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, inherited);
      return;
    }
    const fields = value as Readonly<Record<string, unknown>>;
    const standard = standardOf(fields['version']) ?? inherited;
    for (const [key, field] of Object.entries(fields)) {
      if (key === 'statement' || key === 'statements') {
        for (const id of [field].flat()) readings.push(readFixtureStatement(id, standard, path));
      } else visit(field, standard);
    }
  };
  const folder = /(?:^|\/)v([45])\//.exec(path)?.[1];
  visit(JSON.parse(text), folder === undefined ? undefined : standardOf(Number(folder)));
  return join(readings);
}

function readFixtureStatement(id: unknown, standard: Standard | undefined, path: string): Reading {
  const named = UNNUMBERED.test(String(id)) || NUMBERED.test(String(id));
  const title = named ? `[${id}]` : `[${standard}: ${id}]`;
  const reading = readTitle(title, path);
  if (reading.claims.length > 0) return reading;
  return {
    claims: [],
    problems: [`${path}: statement ${JSON.stringify(id)} of version ${standard} names nothing`],
  };
}

function standardOf(version: unknown): Standard | undefined {
  if (version === 4 || version === '3.1.1') return '3.1.1';
  return version === 5 || version === '5.0' ? '5.0' : undefined;
}

/** All readings as one. */
export function join(readings: readonly Reading[]): Reading {
  return {
    claims: readings.flatMap((reading) => reading.claims),
    problems: readings.flatMap((reading) => reading.problems),
  };
}

const keyOf = ({ standard, id }: { standard: Standard; id: string }): string => `${standard}: ${id}`;

/** What the ledger must hold. */
export interface Rules {
  /** The layers in which every statement must have a test. */
  readonly enforced: Readonly<Record<Standard, readonly string[]>>;
  /** Statements of those layers that no test can prove, as `5.0: MQTT-...`, with the reason. */
  readonly excused: Readonly<Record<string, string>>;
}

export class Ledger {
  readonly #files = new Map<string, string[]>();

  constructor(
    readonly statements: readonly Statement[],
    readonly reading: Reading,
    readonly rules: Rules,
  ) {
    for (const claim of reading.claims) {
      const files = this.#files.get(keyOf(claim)) ?? [];
      if (!files.includes(claim.path)) files.push(claim.path);
      this.#files.set(keyOf(claim), files.sort());
    }
  }

  /** The files whose tests name a statement, sorted. */
  filesOf(statement: Statement): readonly string[] {
    return this.#files.get(keyOf(statement)) ?? [];
  }

  isEnforced({ standard, layer }: { standard: Standard; layer: string }): boolean {
    return this.rules.enforced[standard].includes(layer);
  }

  excuseOf(statement: Statement): string | undefined {
    return this.rules.excused[keyOf(statement)];
  }

  /** The statements that must have a test and have none. */
  missing(): Statement[] {
    return this.statements.filter(
      (statement) =>
        this.isEnforced(statement) &&
        this.filesOf(statement).length === 0 &&
        this.excuseOf(statement) === undefined,
    );
  }

  /** What is wrong with the references and the rules themselves, in words. */
  problems(): string[] {
    const known = new Set(this.statements.map(keyOf));
    const found = [...this.reading.problems];
    for (const claim of this.reading.claims) {
      if (!known.has(keyOf(claim))) found.push(`${claim.path}: [${keyOf(claim)}] does not exist`);
    }
    for (const key of Object.keys(this.rules.excused)) {
      if (!known.has(key)) found.push(`excused statement ${key} does not exist`);
      else if (this.#files.has(key)) found.push(`excused statement ${key} has a test: take the excuse away`);
    }
    if (known.size !== this.statements.length) found.push('spec/ holds a statement twice');
    return [...new Set(found)];
  }
}
