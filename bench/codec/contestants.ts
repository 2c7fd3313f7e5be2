// Who takes part.
import type { Contestant } from './contestant.js';
import { mqttPacket } from './mqtt-packet.js';
import { mqtts } from './mqtts.js';
import { ours, oursFrames, oursInto } from './puremqtt.js';
import { u8 } from './u8-mqtt-packet.js';

/** All contestants; the first is the one that matters, the second the one it is compared with. */
export const CONTESTANTS: readonly Contestant[] = [ours, mqttPacket, mqtts, u8, oursInto, oursFrames];
