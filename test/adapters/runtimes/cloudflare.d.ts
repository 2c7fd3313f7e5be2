declare module 'cloudflare:sockets' {
  export const connect: import('../../../src/adapters/workers.js').WorkersConnectOptions['connect'];
}
