// @ts-nocheck
// pure: everything but adapters and arbitraries.
export * from './codec.js';
export * from './connection/index.js';
export * from './session/index.js';
export * from './stream/index.js';
export * from './topics/index.js';
