/**
 * Which branches of a bundle have run, from V8's own counters.
 *
 * V8 counts blocks and not branches, and says so in ranges that merge and split as counts change. So the branches are
 * read from the text, as places where control flow can go, and a branch has run when the range around its place has.
 */
// @ts-nocheck

import { Session } from 'node:inspector';
import ts from 'typescript';

/** A place that control flow may reach or not. */
export interface Branch {
  readonly at: number;
  /** The source file, from the root. */
  readonly file: string;
}

/** Finds the branches of a bundle: bodies of functions and loops, arms of conditions, right sides of `&&`, `||`, `??`. */
export function branchesOf(text: string): Branch[] {
  const source = ts.createSourceFile('bundle.mjs', text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.JS);
  const modules = [...text.matchAll(/^\/\/ (\S+\.[cm]?[jt]s)$/gm)].map(({ index, 1: file = '' }) => ({
    index,
    file,
  }));
  const fileAt = (at: number): string => modules.findLast(({ index }) => index < at)?.file ?? '';
  const branches: Branch[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node === undefined) return;
    const at = node.getStart(source);
    branches.push({ at, file: fileAt(at) });
  };
  const visit = (node: ts.Node): void => {
    for (const arm of armsOf(node)) add(arm);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return branches;
}

function armsOf(node: ts.Node): readonly (ts.Node | undefined)[] {
  if (ts.isIfStatement(node)) return [node.thenStatement, node.elseStatement];
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse];
  if (ts.isCaseOrDefaultClause(node)) return [node.statements[0]];
  if (ts.isIterationStatement(node, false)) return [node.statement];
  if (ts.isCatchClause(node)) return [node.block];
  if (ts.isFunctionLike(node)) return [(node as ts.FunctionLikeDeclaration).body];
  if (ts.isBinaryExpression(node) && isLogical(node.operatorToken.kind)) return [node.right];
  return [];
}

const isLogical = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.AmpersandAmpersandToken ||
  kind === ts.SyntaxKind.BarBarToken ||
  kind === ts.SyntaxKind.QuestionQuestionToken;

interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

/** The coverage of one script while it runs. */
export class Coverage {
  readonly branches: readonly Branch[];
  readonly #session = new Session();
  readonly #url: string;
  readonly #painted: Uint8Array;
  readonly #reached: Uint8Array;
  /** Those that were reached before the last {@link reset}, too. */
  readonly #ever: Uint8Array;

  /** `url` as V8 knows the script, which must be started before it is imported. */
  constructor(url: string, text: string) {
    this.branches = branchesOf(text);
    this.#url = url;
    this.#painted = new Uint8Array(text.length);
    this.#reached = new Uint8Array(this.branches.length);
    this.#ever = new Uint8Array(this.branches.length);
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  stop(): void {
    this.#post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  /** Begins anew. */
  reset(): void {
    this.#take();
    this.#reached.fill(0);
  }

  /** The branches that ran since the last call and never before it. With `keep` they count as reached from now on. */
  fresh(keep: boolean): number {
    this.#paint();
    let count = 0;
    for (let i = 0; i < this.branches.length; i++) {
      if (this.#reached[i] === 1 || this.#painted[this.branches[i]!.at] === 0) continue;
      count++;
      if (keep) this.#reached[i] = this.#ever[i] = 1;
    }
    return count;
  }

  /** How many branches there are in the files that a pattern names, and how many were reached: since the beginning, or ever. */
  reached(
    files: RegExp,
    when: 'since' | 'ever' = 'since',
  ): { readonly reached: number; readonly all: number; readonly missed: readonly Branch[] } {
    const marks = when === 'ever' ? this.#ever : this.#reached;
    const inside = this.branches
      .map((branch, index) => ({ branch, index }))
      .filter(({ branch }) => files.test(branch.file));
    const missed = inside.filter(({ index }) => marks[index] === 0).map(({ branch }) => branch);
    return { reached: inside.length - missed.length, all: inside.length, missed };
  }

  #paint(): void {
    const painted = this.#painted.fill(0);
    // Functions come outermost first, and so do the ranges within one.
    for (const { ranges } of this.#take()) {
      for (const { startOffset, endOffset, count } of ranges) {
        painted.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      }
    }
  }

  #take(): ScriptCoverage['functions'] {
    const { result } = this.#post('Profiler.takePreciseCoverage') as { result: readonly ScriptCoverage[] };
    return result.find(({ url }) => url === this.#url)?.functions ?? [];
  }

  #post(method: string, parameters?: object): unknown {
    let answer: unknown;
    // Within one process the answer is there before `post` returns.
    this.#session.post(method, parameters, (error: Error | null, result?: object) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  }
}
