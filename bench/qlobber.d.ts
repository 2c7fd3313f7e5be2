declare module 'qlobber' {
  interface Options {
    readonly separator?: string;
    readonly wildcard_one?: string;
    readonly wildcard_some?: string;
    readonly match_empty_levels?: boolean;
  }
  class Qlobber {
    constructor(options?: Options);
    add(topic: string, value: number): this;
    remove(topic: string, value?: number): this;
    match(topic: string): number[];
  }
  class QlobberDedup {
    constructor(options?: Options);
    add(topic: string, value: number): this;
    remove(topic: string, value?: number): this;
    match(topic: string): Set<number>;
  }
  const qlobber: { readonly Qlobber: typeof Qlobber; readonly QlobberDedup: typeof QlobberDedup };
  export default qlobber;
}
