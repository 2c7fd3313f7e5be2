/**
 * The state machines for people: what the tables of `src/session/` and `src/connection/` say, as diagrams.
 *
 * Writes `docs/state-diagrams.md` from those tables. Exits with 1 when, with `--check` (which writes nothing), the page
 * is not up to date.
 */
import { ADMISSIONS, AUTH_RECEIVED, AUTH_SENT } from '../src/connection/index.js';
import { FLOW_RULES, INCOMING_MOVES, OUTGOING_MOVES } from '../src/session/index.js';
import { tableLines, writeOrCheck } from './lib/page.js';
import { isMain } from './lib/root.js';

const PAGE = 'docs/state-diagrams.md';

/** What an event does in a phase. */
interface Move {
  readonly next: string;
  readonly send?: string;
  readonly deliver?: true;
  readonly settle?: string;
}

/** What happens in each phase at each event: a move, or the code of an error. */
type Moves = Readonly<Record<string, Readonly<Record<string, Move | string>>>>;
/** What happens in each phase, to each packet. */
type Turns = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** All that the page is made of. */
export interface Tables {
  readonly outgoing: Moves;
  readonly incoming: Readonly<Record<1 | 2, Moves>>;
  readonly rules: Readonly<Record<4 | 5, Readonly<Record<string, boolean>>>>;
  readonly authReceived: Readonly<Record<string, Readonly<Record<string, Turns>>>>;
  readonly authSent: Readonly<Record<string, Turns>>;
  readonly admissions: Readonly<Record<string, Turns>>;
}

/** The tables that the code uses. */
export const TABLES: Tables = {
  outgoing: OUTGOING_MOVES,
  incoming: INCOMING_MOVES,
  rules: { 4: { ...FLOW_RULES[4] }, 5: { ...FLOW_RULES[5] } },
  authReceived: AUTH_RECEIVED,
  authSent: AUTH_SENT,
  admissions: ADMISSIONS,
};

const PACKETS =
  /\b(connect|connack|publish|puback|pubrec|pubrel|pubcomp|subscribe|suback|unsubscribe|unsuback|pingreq|pingresp|disconnect|auth)\b/g;
/** Packets in capitals, as the standard writes them. */
const spoken = (words: string): string => words.replace(PACKETS, (name) => name.toUpperCase());

/** What a move does besides leading to another phase, in words. */
function effects({ deliver, send, settle }: Move): string {
  const parts = [
    deliver === undefined ? '' : 'deliver',
    send === undefined ? '' : `send ${spoken(send)}`,
    settle === undefined ? '' : settle,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const state = (phase: string): string => (phase === 'none' ? '[*]' : phase.replaceAll('-', '_'));

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** A diagram in the language of Mermaid. */
function diagram(phases: readonly string[], arrows: readonly Arrow[]): string[] {
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...phases.map((phase) => `  state "${spoken(phase.replaceAll('-', ' '))}" as ${state(phase)}`),
    ...arrows.map(({ from, to, label }) => `  ${state(from)} --> ${state(to)}: ${label}`),
    '```',
    '',
  ];
}

const phasesOf = (moves: Moves): string[] => Object.keys(moves).filter((phase) => phase !== 'none');

function arrowsOf(moves: Moves): Arrow[] {
  return Object.entries(moves).flatMap(([from, events]) =>
    Object.entries(events).flatMap(([event, move]) => {
      // What leads from nowhere to nowhere is no part of a life: the table has it.
      if (typeof move === 'string' || (from === 'none' && move.next === 'none')) return [];
      const effect = effects(move);
      return [{ from, to: move.next, label: effect === '' ? spoken(event) : `${spoken(event)} / ${effect}` }];
    }),
  );
}

/** Every event in every phase; what has no move cannot occur. */
function matrix(moves: Moves): string[] {
  const events = [...new Set(Object.values(moves).flatMap((row) => Object.keys(row)))];
  const cell = (phase: string, event: string): string => {
    const move = moves[phase]?.[event];
    if (move === undefined) return '';
    if (typeof move === 'string') return `\`${move}\``;
    const effect = effects(move);
    const next = move.next === phase ? '' : `→ ${move.next}`;
    return [effect, next].filter((part) => part !== '').join(' ') || 'nothing';
  };
  const phases = Object.keys(moves).filter((phase) => Object.keys(moves[phase] ?? {}).length > 0);
  const rows = phases.map((phase) => [phase, ...events.map((event) => cell(phase, event))]);
  return [...tableLines(['in phase', ...events.map(spoken)], rows), ''];
}

/** Where an outgoing exchange begins: with the packet that takes a Packet Identifier. */
const BEGINNINGS: readonly Arrow[] = [
  { from: 'none', to: 'awaiting-puback', label: 'send PUBLISH, QoS 1' },
  { from: 'none', to: 'awaiting-pubrec', label: 'send PUBLISH, QoS 2' },
  { from: 'none', to: 'awaiting-suback', label: 'send SUBSCRIBE' },
  { from: 'none', to: 'awaiting-unsuback', label: 'send UNSUBSCRIBE' },
];

function flows({ outgoing, incoming, rules }: Tables): string[] {
  return [
    '## Sending',
    '',
    'A refusal is an acknowledgement with a Reason Code of 0x80 or above. An error ends the connection.',
    '',
    ...diagram(phasesOf(outgoing), [...BEGINNINGS, ...arrowsOf(outgoing)]),
    ...matrix(outgoing),
    ...([1, 2] as const).flatMap((qos) => [
      `## Receiving QoS ${qos}`,
      '',
      ...diagram(
        phasesOf(incoming[qos]).filter((phase) => Object.keys(incoming[qos][phase] ?? {}).length > 0),
        arrowsOf(incoming[qos]),
      ),
      ...matrix(incoming[qos]),
    ]),
    '## What differs between the versions in these flows',
    '',
    ...tableLines(
      ['rule', 'MQTT 3.1.1', 'MQTT 5.0'],
      Object.keys(rules[5]).map((rule) => [`\`${rule}\``, yesNo(rules[4][rule]), yesNo(rules[5][rule])]),
    ),
    '',
  ];
}

const yesNo = (value: boolean | undefined): string => (value === true ? 'yes' : 'no');

/** Where an exchange of AUTH begins and ends with something else than AUTH. */
const FRAMES: Readonly<Record<string, readonly Arrow[]>> = {
  'client, handshake': [
    { from: 'none', to: 'theirs', label: 'send CONNECT' },
    { from: 'theirs', to: 'none', label: 'receive CONNACK' },
  ],
  'server, handshake': [
    { from: 'none', to: 'ours', label: 'receive CONNECT' },
    { from: 'ours', to: 'none', label: 'accept / send CONNACK' },
  ],
  'server, connected': [{ from: 'ours', to: 'none', label: 'accept / send success' }],
};

function authentication({ authReceived, authSent }: Tables): string[] {
  const lines = [
    '## Enhanced authentication',
    '',
    'Whose turn it is in an exchange. An AUTH without an arrow ends the connection.',
    '',
  ];
  for (const [role, phases] of Object.entries(authReceived)) {
    for (const [phase, turns] of Object.entries(phases)) {
      const title = `${role}, ${phase}`;
      const received = Object.entries(turns).flatMap(([from, events]) =>
        Object.entries(events).map(([event, to]) => ({ from, to, label: `receive ${event}` })),
      );
      const sent = Object.entries(authSent[role]?.[phase] ?? {}).map(([from, event]) => ({
        from,
        to: 'theirs',
        label: `send ${event}`,
      }));
      const arrows = [...(FRAMES[title] ?? []), ...received, ...sent];
      lines.push(`### ${title}`, '', ...diagram(['ours', 'theirs'], arrows));
    }
  }
  return lines;
}

function admissions({ admissions: roles }: Tables): string[] {
  const lines = [
    '## Which packet may come when',
    '',
    'A packet is taken, held until the host has answered the CONNECT, or ends the connection with that error. One',
    'with an empty cell ends it because it comes from the wrong side, or because nothing is read in that phase.',
    '',
  ];
  for (const [role, phases] of Object.entries(roles)) {
    const packets = [...new Set(Object.values(phases).flatMap((row) => Object.keys(row)))].sort();
    const cell = (word: string | undefined): string =>
      word === undefined || word === 'take' || word === 'hold' ? (word ?? '') : `\`${word}\``;
    const rows = packets.map((packet) => [
      spoken(packet),
      ...Object.values(phases).map((row) => cell(row[packet])),
    ]);
    lines.push(`### ${role}`, '', ...tableLines(['packet', ...Object.keys(phases)], rows), '');
  }
  return lines;
}

/** The page `docs/state-diagrams.md`. */
export function render(tables: Tables): string {
  const lines = [
    '# State diagrams',
    '',
    '<!-- Written by `npm run diagrams`. Do not edit. -->',
    '',
    'How messages travel and connections are made, as the code decides it. This page is written from the tables that',
    'the code uses: `OUTGOING_MOVES`, `INCOMING_MOVES` and `FLOW_RULES` of `puremqtt/session`, `AUTH_RECEIVED`,',
    '`AUTH_SENT` and `ADMISSIONS` of `puremqtt/connection`.',
    '',
    ...flows(tables),
    ...authentication(tables),
    ...admissions(tables),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function main(): void {
  writeOrCheck(PAGE, render(TABLES), 'npm run diagrams');
}

if (isMain(import.meta.url)) main();
