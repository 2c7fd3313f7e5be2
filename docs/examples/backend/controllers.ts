/** What can be asked for: a few controllers, to begin with. */
import { FieldError, type Json } from '../fields/fields.js';
import type { Channels } from './channels.js';
import type { Request } from './request.js';

export interface Context {
  readonly clientId: string;
  readonly channels: Channels;
  /** Publishes to everybody who has subscribed to the topic. */
  readonly notify: (topic: string, notification: Json) => void;
}

/** Gives the result of the response, or throws FieldError. It may take its time. */
export type Action = (request: Request, context: Context) => unknown;
export type Controllers = Readonly<Record<string, Readonly<Record<string, Action>>>>;

export const CONTROLLERS: Controllers = {
  server: { now: () => ({ now: Date.now() }) },
  realtime: {
    publish(request, { channels, notify }) {
      const { requestId, controller, action, volatile, body } = request;
      const [index, collection] = placeOf(request);
      const notification = { status: 200, requestId, timestamp: Date.now(), controller, action, volatile };
      for (const room of channels.matching(index, collection, body)) {
        const result = { _source: body };
        notify(room, { ...notification, index, collection, type: 'document', scope: 'in', room, result });
      }
      return { published: true };
    },
    subscribe(request, { channels, clientId }) {
      const channel = channels.join(clientId, ...placeOf(request), request.body);
      return { roomId: channel, channel };
    },
    unsubscribe(request, { channels, clientId }) {
      const roomId = roomOf(request);
      if (channels.leave(clientId, roomId)) return { roomId };
      throw new FieldError('body.roomId', 'you have no such channel', 404);
    },
    count: (request, { channels }) => ({ count: channels.count(roomOf(request)) }),
  },
};

function placeOf({ fields }: Request): [index: string, collection: string] {
  return [fields.required('index'), fields.required('collection')];
}

function roomOf({ body: { roomId } }: Request): string {
  if (typeof roomId === 'string') return roomId;
  throw new FieldError('body.roomId', 'it has to be a string');
}
