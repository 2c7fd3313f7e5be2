// pure: what the streaming floor offers.
export { PacketParser, type PacketParserOptions } from './packet-parser.js';
