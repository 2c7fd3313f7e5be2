// owned: the adapter for Deno's own sockets; no node compatibility layer.
export * from './streams.js';
