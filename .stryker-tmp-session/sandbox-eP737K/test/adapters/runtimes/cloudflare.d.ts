// @ts-nocheck
declare module 'cloudflare:sockets' {
  export const connect: import('../../../src/adapters/workers.js').WorkersConnectOptions['connect'];
}

declare module 'cloudflare:workers' {
  export class DurableObject<Context = unknown> {
    constructor(ctx: Context, env: unknown);
    protected readonly ctx: Context;
  }
}
