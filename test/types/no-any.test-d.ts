// Compiled by `npm run typecheck` and never run: walks all exported types and fails where there is an `any`.
import type { Arbitrary } from 'fast-check';
import type * as arbitraries from '../../src/arbitraries/index.js';
import type * as all from '../../src/index.js';

type IsAny<T> = 0 extends 1 & T ? true : false;

/** One step down, so that types which hold themselves come to an end. */
type Down = [never, 0, 1, 2, 3, 4, 5, 6, 7];

// What the language brings along is not walked.
type Foreign = string | number | boolean | symbol | null | undefined | Uint8Array | ArrayBufferLike;

/** `true` where a type is, or leads to, an `any`; without paths, so that the compiler does each type but once. */
type HasAny<T, Depth extends number = 8> =
  IsAny<T> extends true
    ? true
    : [Depth] extends [never]
      ? never
      : T extends Foreign
        ? never
        : T extends
              | Iterator<infer Item>
              | Iterable<infer Item>
              | PromiseLike<infer Item>
              | Arbitrary<infer Item>
          ? HasAny<Item, Down[Depth]>
          : T extends abstract new (
                ...args: infer A
              ) => infer I
            ? HasAny<A[number], Down[Depth]> | HasAny<I, Down[Depth]>
            : T extends (...args: infer A) => infer R
              ? HasAny<A[number], Down[Depth]> | HasAny<R, Down[Depth]>
              : { [K in Exclude<keyof T, keyof Error>]-?: HasAny<T[K], Down[Depth]> }[Exclude<
                  keyof T,
                  keyof Error
                >];

/** The names of what is exported as a value and leads to an `any`; exported types are in their arguments and results. */
type Blamed<M> = { [K in keyof M]: HasAny<M[K]> extends never ? never : K }[keyof M];

const none = <_ extends never>(): void => {};

none<Blamed<typeof all>>();
none<Blamed<typeof arbitraries>>();

// The walk finds what it should.
type Any = ReturnType<typeof JSON.parse>;
interface Deep {
  readonly list: readonly {
    readonly inside?: (first: string) => readonly string[] | { readonly end: Any };
  }[];
}
// @ts-expect-error: there is one
none<HasAny<Deep>>();
// @ts-expect-error: there is one
none<Blamed<{ readonly f: (x: Any) => void }>>();
// @ts-expect-error: there is one
none<Blamed<{ readonly c: new (x: string) => { readonly y: Any } }>>();
// @ts-expect-error: there is one
none<Blamed<{ readonly a: (x: string) => Arbitrary<Any> }>>();
export const name: Blamed<{ f: (x: Any) => void; g: (x: string) => void }> = 'f';
