// @ts-nocheck
// pure: numbers that the standard fixes, and the defaults that puremqtt chooses.

/** The longest UTF-8 string or Binary Data, in bytes (sections 1.5.4 and 1.5.6). */
export const MAXIMUM_FIELD_LENGTH: number = 65_535;
/** The largest Variable Byte Integer, and so the largest Remaining Length (section 1.5.5). */
export const MAXIMUM_VARIABLE_BYTE_INTEGER: number = 268_435_455;
/** The largest packet the protocol can carry: a fixed header of 5 bytes and the largest Remaining Length. */
export const MAXIMUM_PACKET_SIZE: number = 268_435_460;
/** The Maximum Packet Size of the parsers when none is given, in bytes: 1 MiB. */
export const DEFAULT_MAXIMUM_PACKET_SIZE: number = 1_048_576;
/** The largest CONNECT that the parsers take from an unknown peer when nothing else is said, in bytes: 128 KiB. */
export const DEFAULT_MAXIMUM_CONNECT_SIZE: number = 131_072;
