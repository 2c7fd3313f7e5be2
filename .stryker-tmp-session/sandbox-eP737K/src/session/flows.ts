// @ts-nocheck
// pure: the QoS flows (section 4.3) as tables: phase and event give the next phase and what is due.
function stryNS_9fa48() {
  var g = typeof globalThis === 'object' && globalThis && globalThis.Math === Math && globalThis || new Function("return this")();
  var ns = g.__stryker__ || (g.__stryker__ = {});
  if (ns.activeMutant === undefined && g.process && g.process.env && g.process.env.__STRYKER_ACTIVE_MUTANT__) {
    ns.activeMutant = g.process.env.__STRYKER_ACTIVE_MUTANT__;
  }
  function retrieveNS() {
    return ns;
  }
  stryNS_9fa48 = retrieveNS;
  return retrieveNS();
}
stryNS_9fa48();
function stryCov_9fa48() {
  var ns = stryNS_9fa48();
  var cov = ns.mutantCoverage || (ns.mutantCoverage = {
    static: {},
    perTest: {}
  });
  function cover() {
    var c = cov.static;
    if (ns.currentTestId) {
      c = cov.perTest[ns.currentTestId] = cov.perTest[ns.currentTestId] || {};
    }
    var a = arguments;
    for (var i = 0; i < a.length; i++) {
      c[a[i]] = (c[a[i]] || 0) + 1;
    }
  }
  stryCov_9fa48 = cover;
  cover.apply(null, arguments);
}
function stryMutAct_9fa48(id) {
  var ns = stryNS_9fa48();
  function isActive(id) {
    if (ns.activeMutant === id) {
      if (ns.hitCount !== void 0 && ++ns.hitCount > ns.hitLimit) {
        throw new Error('Stryker: Hit count limit reached (' + ns.hitCount + ')');
      }
      return true;
    }
    return false;
  }
  stryMutAct_9fa48 = isActive;
  return isActive(id);
}
import type { PacketType } from '../errors.js';

/** What an outgoing exchange waits for; `none` where no exchange holds the Packet Identifier. */
export type OutgoingPhase = 'awaiting-puback' | 'awaiting-pubrec' | 'awaiting-pubcomp' | 'awaiting-suback' | 'awaiting-unsuback';

/** What the peer says about an outgoing exchange; the two refusals have a Reason Code of 0x80 or above. */
export type OutgoingEvent = 'puback' | 'puback refusal' | 'pubrec' | 'pubrec refusal' | 'pubcomp' | 'suback' | 'unsuback';

/** What an event does to an outgoing exchange. */
export interface OutgoingMove {
  /** The phase after it; `none` ends the exchange and frees its Packet Identifier. */
  readonly next: OutgoingPhase | 'none';
  /** A PUBREL is due. */
  readonly send?: 'pubrel';
  /** How the exchange ended. */
  readonly settle?: 'acknowledged' | 'refused';
}

/** Why an acknowledgement contradicts the state. */
export type FlowError = 'unknown-packet-id' | 'wrong-acknowledgement';
const UNKNOWN = stryMutAct_9fa48("201") ? "" : (stryCov_9fa48("201"), 'unknown-packet-id');
const WRONG = stryMutAct_9fa48("202") ? "" : (stryCov_9fa48("202"), 'wrong-acknowledgement');
const ACKNOWLEDGED: OutgoingMove = stryMutAct_9fa48("203") ? {} : (stryCov_9fa48("203"), {
  next: stryMutAct_9fa48("204") ? "" : (stryCov_9fa48("204"), 'none'),
  settle: stryMutAct_9fa48("205") ? "" : (stryCov_9fa48("205"), 'acknowledged')
});
const REFUSED: OutgoingMove = stryMutAct_9fa48("206") ? {} : (stryCov_9fa48("206"), {
  next: stryMutAct_9fa48("207") ? "" : (stryCov_9fa48("207"), 'none'),
  settle: stryMutAct_9fa48("208") ? "" : (stryCov_9fa48("208"), 'refused')
});
const RELEASE: OutgoingMove = stryMutAct_9fa48("209") ? {} : (stryCov_9fa48("209"), {
  next: stryMutAct_9fa48("210") ? "" : (stryCov_9fa48("210"), 'awaiting-pubcomp'),
  send: stryMutAct_9fa48("211") ? "" : (stryCov_9fa48("211"), 'pubrel')
});
/** Nothing changes and nothing is due. */
const IGNORED: OutgoingMove = stryMutAct_9fa48("212") ? {} : (stryCov_9fa48("212"), {
  next: stryMutAct_9fa48("213") ? "" : (stryCov_9fa48("213"), 'none')
});

/**
 * The sender's side of QoS 1 and QoS 2 (sections 4.3.2 and 4.3.3), and of SUBSCRIBE and UNSUBSCRIBE, which share
 * its Packet Identifiers.
 *
 * A PUBREC for an identifier that nobody holds is answered with PUBREL all the same, or the peer would wait for
 * ever; the PUBCOMP that this brings is then no error either (section 3.6.2.1).
 */
export const OUTGOING_MOVES: Readonly<Record<OutgoingPhase | 'none', Readonly<Record<OutgoingEvent, OutgoingMove | FlowError>>>> = stryMutAct_9fa48("214") ? {} : (stryCov_9fa48("214"), {
  none: stryMutAct_9fa48("215") ? {} : (stryCov_9fa48("215"), {
    puback: UNKNOWN,
    'puback refusal': UNKNOWN,
    pubrec: stryMutAct_9fa48("216") ? {} : (stryCov_9fa48("216"), {
      next: stryMutAct_9fa48("217") ? "" : (stryCov_9fa48("217"), 'none'),
      send: stryMutAct_9fa48("218") ? "" : (stryCov_9fa48("218"), 'pubrel')
    }),
    'pubrec refusal': IGNORED,
    pubcomp: IGNORED,
    suback: UNKNOWN,
    unsuback: UNKNOWN
  }),
  'awaiting-puback': stryMutAct_9fa48("219") ? {} : (stryCov_9fa48("219"), {
    puback: ACKNOWLEDGED,
    'puback refusal': REFUSED,
    pubrec: WRONG,
    'pubrec refusal': WRONG,
    pubcomp: WRONG,
    suback: WRONG,
    unsuback: WRONG
  }),
  'awaiting-pubrec': stryMutAct_9fa48("220") ? {} : (stryCov_9fa48("220"), {
    puback: WRONG,
    'puback refusal': WRONG,
    pubrec: RELEASE,
    'pubrec refusal': REFUSED,
    pubcomp: WRONG,
    suback: WRONG,
    unsuback: WRONG
  }),
  'awaiting-pubcomp': stryMutAct_9fa48("221") ? {} : (stryCov_9fa48("221"), {
    puback: WRONG,
    'puback refusal': WRONG,
    // A receiver that saw the PUBLISH twice answers twice.
    pubrec: RELEASE,
    'pubrec refusal': WRONG,
    pubcomp: ACKNOWLEDGED,
    suback: WRONG,
    unsuback: WRONG
  }),
  'awaiting-suback': stryMutAct_9fa48("222") ? {} : (stryCov_9fa48("222"), {
    puback: WRONG,
    'puback refusal': WRONG,
    pubrec: WRONG,
    'pubrec refusal': WRONG,
    pubcomp: WRONG,
    suback: ACKNOWLEDGED,
    unsuback: WRONG
  }),
  'awaiting-unsuback': stryMutAct_9fa48("223") ? {} : (stryCov_9fa48("223"), {
    puback: WRONG,
    'puback refusal': WRONG,
    pubrec: WRONG,
    'pubrec refusal': WRONG,
    pubcomp: WRONG,
    suback: WRONG,
    unsuback: ACKNOWLEDGED
  })
});

/**
 * The event that an acknowledgement is, by its type and Reason Code (MQTT 3.1.1 has none: `undefined`).
 *
 * @example
 * outgoingEvent('pubrec', 0x10); // => 'pubrec'
 * outgoingEvent('pubrec', 0x87); // => 'pubrec refusal'
 */
export function outgoingEvent(type: 'puback' | 'pubrec' | 'pubcomp' | 'suback' | 'unsuback', reasonCode: number | undefined): OutgoingEvent {
  if (stryMutAct_9fa48("224")) {
    {}
  } else {
    stryCov_9fa48("224");
    if (stryMutAct_9fa48("227") ? reasonCode === undefined && reasonCode < 0x80 : stryMutAct_9fa48("226") ? false : stryMutAct_9fa48("225") ? true : (stryCov_9fa48("225", "226", "227"), (stryMutAct_9fa48("229") ? reasonCode !== undefined : stryMutAct_9fa48("228") ? false : (stryCov_9fa48("228", "229"), reasonCode === undefined)) || (stryMutAct_9fa48("232") ? reasonCode >= 0x80 : stryMutAct_9fa48("231") ? reasonCode <= 0x80 : stryMutAct_9fa48("230") ? false : (stryCov_9fa48("230", "231", "232"), reasonCode < 0x80)))) return type;
    return (stryMutAct_9fa48("235") ? type !== 'puback' : stryMutAct_9fa48("234") ? false : stryMutAct_9fa48("233") ? true : (stryCov_9fa48("233", "234", "235"), type === (stryMutAct_9fa48("236") ? "" : (stryCov_9fa48("236"), 'puback')))) ? stryMutAct_9fa48("237") ? "" : (stryCov_9fa48("237"), 'puback refusal') : (stryMutAct_9fa48("240") ? type !== 'pubrec' : stryMutAct_9fa48("239") ? false : stryMutAct_9fa48("238") ? true : (stryCov_9fa48("238", "239", "240"), type === (stryMutAct_9fa48("241") ? "" : (stryCov_9fa48("241"), 'pubrec')))) ? stryMutAct_9fa48("242") ? "" : (stryCov_9fa48("242"), 'pubrec refusal') : type;
  }
}

/**
 * What an acknowledgement does to the exchange it names, or why it contradicts the state.
 *
 * @example
 * outgoingMove('awaiting-pubrec', 'pubrec'); // => { next: 'awaiting-pubcomp', send: 'pubrel' }
 * outgoingMove('awaiting-pubrec', 'puback'); // => 'wrong-acknowledgement'
 */
export function outgoingMove(phase: OutgoingPhase | 'none', event: OutgoingEvent): OutgoingMove | FlowError {
  if (stryMutAct_9fa48("243")) {
    {}
  } else {
    stryCov_9fa48("243");
    return OUTGOING_MOVES[phase][event];
  }
}

/**
 * How far an incoming QoS 1 or 2 message has come: `delivered` to the application, whose verdict is awaited, or
 * `answered` with a PUBREC, so that PUBREL is awaited. `none` where the Packet Identifier is not held.
 */
export type IncomingPhase = 'delivered' | 'answered';

/** What happens to an incoming message: packets of the peer, or the verdict of the application on it. */
export type IncomingEvent = 'publish' | 'accepted' | 'rejected' | 'pubrel';

/** What an event does to an incoming message. */
export interface IncomingMove {
  /** The phase after it; `none` forgets the Packet Identifier. */
  readonly next: IncomingPhase | 'none';
  /** The message is handed to the application, ahead of any answer. */
  readonly deliver?: true;
  /** The answer that is due. */
  readonly send?: Extract<PacketType, 'puback' | 'pubrec' | 'pubcomp'>;
}

/**
 * The receiver's side of QoS 1 and QoS 2 (sections 4.3.2 and 4.3.3). Acknowledging automatically is to accept in
 * the moment of delivery. An event that cannot occur has no entry: QoS 1 has no PUBREL, and an application has no
 * verdict on what it was not given.
 */
export const INCOMING_MOVES: Readonly<Record<1 | 2, Readonly<Record<IncomingPhase | 'none', Readonly<Partial<Record<IncomingEvent, IncomingMove>>>>>>> = stryMutAct_9fa48("244") ? {} : (stryCov_9fa48("244"), {
  1: stryMutAct_9fa48("245") ? {} : (stryCov_9fa48("245"), {
    none: stryMutAct_9fa48("246") ? {} : (stryCov_9fa48("246"), {
      publish: stryMutAct_9fa48("247") ? {} : (stryCov_9fa48("247"), {
        next: stryMutAct_9fa48("248") ? "" : (stryCov_9fa48("248"), 'delivered'),
        deliver: stryMutAct_9fa48("249") ? false : (stryCov_9fa48("249"), true)
      })
    }),
    delivered: stryMutAct_9fa48("250") ? {} : (stryCov_9fa48("250"), {
      // The sender cannot have a new message under an identifier that was not acknowledged.
      publish: stryMutAct_9fa48("251") ? {} : (stryCov_9fa48("251"), {
        next: stryMutAct_9fa48("252") ? "" : (stryCov_9fa48("252"), 'delivered')
      }),
      accepted: stryMutAct_9fa48("253") ? {} : (stryCov_9fa48("253"), {
        next: stryMutAct_9fa48("254") ? "" : (stryCov_9fa48("254"), 'none'),
        send: stryMutAct_9fa48("255") ? "" : (stryCov_9fa48("255"), 'puback')
      }),
      rejected: stryMutAct_9fa48("256") ? {} : (stryCov_9fa48("256"), {
        next: stryMutAct_9fa48("257") ? "" : (stryCov_9fa48("257"), 'none'),
        send: stryMutAct_9fa48("258") ? "" : (stryCov_9fa48("258"), 'puback')
      })
    }),
    answered: {}
  }),
  2: stryMutAct_9fa48("259") ? {} : (stryCov_9fa48("259"), {
    none: stryMutAct_9fa48("260") ? {} : (stryCov_9fa48("260"), {
      publish: stryMutAct_9fa48("261") ? {} : (stryCov_9fa48("261"), {
        next: stryMutAct_9fa48("262") ? "" : (stryCov_9fa48("262"), 'delivered'),
        deliver: stryMutAct_9fa48("263") ? false : (stryCov_9fa48("263"), true)
      }),
      pubrel: stryMutAct_9fa48("264") ? {} : (stryCov_9fa48("264"), {
        next: stryMutAct_9fa48("265") ? "" : (stryCov_9fa48("265"), 'none'),
        send: stryMutAct_9fa48("266") ? "" : (stryCov_9fa48("266"), 'pubcomp')
      })
    }),
    delivered: stryMutAct_9fa48("267") ? {} : (stryCov_9fa48("267"), {
      publish: stryMutAct_9fa48("268") ? {} : (stryCov_9fa48("268"), {
        next: stryMutAct_9fa48("269") ? "" : (stryCov_9fa48("269"), 'delivered')
      }),
      accepted: stryMutAct_9fa48("270") ? {} : (stryCov_9fa48("270"), {
        next: stryMutAct_9fa48("271") ? "" : (stryCov_9fa48("271"), 'answered'),
        send: stryMutAct_9fa48("272") ? "" : (stryCov_9fa48("272"), 'pubrec')
      }),
      rejected: stryMutAct_9fa48("273") ? {} : (stryCov_9fa48("273"), {
        next: stryMutAct_9fa48("274") ? "" : (stryCov_9fa48("274"), 'none'),
        send: stryMutAct_9fa48("275") ? "" : (stryCov_9fa48("275"), 'pubrec')
      }),
      pubrel: stryMutAct_9fa48("276") ? {} : (stryCov_9fa48("276"), {
        next: stryMutAct_9fa48("277") ? "" : (stryCov_9fa48("277"), 'none'),
        send: stryMutAct_9fa48("278") ? "" : (stryCov_9fa48("278"), 'pubcomp')
      })
    }),
    answered: stryMutAct_9fa48("279") ? {} : (stryCov_9fa48("279"), {
      publish: stryMutAct_9fa48("280") ? {} : (stryCov_9fa48("280"), {
        next: stryMutAct_9fa48("281") ? "" : (stryCov_9fa48("281"), 'answered'),
        send: stryMutAct_9fa48("282") ? "" : (stryCov_9fa48("282"), 'pubrec')
      }),
      pubrel: stryMutAct_9fa48("283") ? {} : (stryCov_9fa48("283"), {
        next: stryMutAct_9fa48("284") ? "" : (stryCov_9fa48("284"), 'none'),
        send: stryMutAct_9fa48("285") ? "" : (stryCov_9fa48("285"), 'pubcomp')
      })
    })
  })
});

/**
 * What an event does to an incoming message, or undefined for an event that cannot occur.
 *
 * @example
 * incomingMove(2, 'answered', 'publish'); // => { next: 'answered', send: 'pubrec' }
 * incomingMove(1, 'delivered', 'pubrel'); // => undefined
 */
export function incomingMove(qos: 1 | 2, phase: IncomingPhase | 'none', event: IncomingEvent): IncomingMove | undefined {
  if (stryMutAct_9fa48("286")) {
    {}
  } else {
    stryCov_9fa48("286");
    return INCOMING_MOVES[qos][phase][event];
  }
}

/** What differs between the versions in the flows. */
export interface FlowRules {
  /** Whether an acknowledgement can carry a Reason Code, and so refuse a message. */
  readonly reasonCodes: boolean;
  /** Whether unacknowledged messages are sent again to a server that says Session Present 0. */
  readonly resendWithoutSession: boolean;
  /** Whether a client that knows no session must close when the server says Session Present 1. */
  readonly closeOnUnknownSession: boolean;
}

/**
 * What differs between the versions in the flows. MQTT 3.1.1 re-sends whenever Clean Session is 0 (MQTT-4.4.0-1)
 * and leaves the client free to go on with a session it does not know.
 */
export const FLOW_RULES: Readonly<Record<4 | 5, FlowRules>> = stryMutAct_9fa48("287") ? {} : (stryCov_9fa48("287"), {
  4: stryMutAct_9fa48("288") ? {} : (stryCov_9fa48("288"), {
    reasonCodes: stryMutAct_9fa48("289") ? true : (stryCov_9fa48("289"), false),
    resendWithoutSession: stryMutAct_9fa48("290") ? false : (stryCov_9fa48("290"), true),
    closeOnUnknownSession: stryMutAct_9fa48("291") ? true : (stryCov_9fa48("291"), false)
  }),
  5: stryMutAct_9fa48("292") ? {} : (stryCov_9fa48("292"), {
    reasonCodes: stryMutAct_9fa48("293") ? false : (stryCov_9fa48("293"), true),
    resendWithoutSession: stryMutAct_9fa48("294") ? true : (stryCov_9fa48("294"), false),
    closeOnUnknownSession: stryMutAct_9fa48("295") ? false : (stryCov_9fa48("295"), true)
  })
});