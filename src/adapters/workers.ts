// owned: the adapter for Workers: the sockets of cloudflare:sockets, and WebSockets that may hibernate.
export * from './streams.js';
