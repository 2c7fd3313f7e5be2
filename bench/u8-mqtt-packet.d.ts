// u8-mqtt-packet has no types of its own: these describe what the benchmarks call.
declare module 'u8-mqtt-packet/esm/codec_v4_full.js' {
  export const mqtt_opts_v4: object;
}
declare module 'u8-mqtt-packet' {
  interface Context {
    encode_pkt(type: string, packet: object): Uint8Array;
    decode_pkt(firstByte: number, body: Uint8Array | null): object;
    mqtt_stream(): { decode(chunk: Uint8Array): object[] };
  }
  export const mqtt_opts_v5: object;
  export function mqtt_pkt_ctx(level: number, options: object): Context;
}
