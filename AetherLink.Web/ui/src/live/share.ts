import { GatewayMessages } from './events';
import { readStream, type Connection } from './reader';
import type { SseMessage } from './sse';

export interface LiveSink {
  onMessages(messages: SseMessage[]): void;
  onConnection(state: Connection): void;
}

/** With each, how far the leading tab had told the others by then: an id without data moves that too. */
type Note =
  | { kind: 'messages'; messages: SseMessage[]; lastEventId: string }
  | { kind: 'connection'; state: Connection; lastEventId: string }
  | { kind: 'hello' };

const ofGateway: readonly string[] = Object.values(GatewayMessages);

/** Messages are handed on in groups: a burst redraws the page ten times a second and not once for each event. */
const groupMs = 100;

/**
 * One stream for all tabs of a session. The tab that holds the lock reads it and tells the others; when it closes, the
 * browser gives the lock to the next one, which goes on from the last id that it heard. Where there are no locks (plain http
 * on another host), each tab reads for itself. The first that reads begins after `from`, or with what comes.
 */
export function shareStream(url: string, session: string, sink: LiveSink, from = ''): () => void {
  const name = `aetherlink-live:${session}`;
  const channel = new BroadcastChannel(name);
  const stop = new AbortController();
  const seen = new Seen();
  let leading = false;
  let state: Connection = 'connecting';
  /** Up to here this tab has shown, and told, everything. What is still in the group is not among it. */
  let lastEventId = from;
  let readUpTo = '';
  let group: SseMessage[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const post = (note: Note) => channel.postMessage(note);

  const show = (messages: SseMessage[]) => {
    const fresh = messages.filter((message) => seen.isNew(message));
    if (fresh.length > 0) sink.onMessages(fresh);
  };

  const flush = () => {
    timer = undefined;
    const messages = group;
    group = [];
    lastEventId = readUpTo;
    post({ kind: 'messages', messages, lastEventId });
    show(messages);
  };

  channel.onmessage = ({ data }: MessageEvent<Note>) => {
    if (data.kind === 'hello') {
      if (leading) post({ kind: 'connection', state, lastEventId });
      return;
    }
    // Whoever leads knows better: what the one before it said last arrives after it took over.
    if (!leading) lastEventId = data.lastEventId || lastEventId;
    if (data.kind === 'messages') show(data.messages);
    else if (!leading) sink.onConnection(data.state);
  };

  const lead = async () => {
    leading = true;
    readUpTo = lastEventId;
    await readStream({
      url,
      lastEventId,
      signal: stop.signal,
      onMessage: (message) => {
        group.push(message);
        timer ??= setTimeout(flush, groupMs);
      },
      onLastEventId: (id) => {
        readUpTo = id;
        timer ??= setTimeout(flush, groupMs);
      },
      onConnection: (next) => {
        state = next;
        post({ kind: 'connection', state, lastEventId });
        sink.onConnection(state);
      },
    });
    leading = false;
  };

  if ('locks' in navigator) {
    post({ kind: 'hello' });
    navigator.locks.request(name, { signal: stop.signal }, lead).catch((error: unknown) => {
      if (!stop.signal.aborted) console.error('live: could not lead', error);
    });
  } else {
    void lead();
  }

  return () => {
    stop.abort();
    clearTimeout(timer);
    channel.close();
  };
}

/** What a tab that closes said last may come after its successor has read the same for itself. */
class Seen {
  /** Ten seconds at fifty events a second: far more than is under way between two tabs. */
  static readonly most = 500;

  readonly #ids = new Set<string>();

  isNew(message: SseMessage): boolean {
    // What the gateway says has no number of its own. After a reset the numbers begin anew.
    if (message.event === GatewayMessages.reset) this.#ids.clear();
    if (message.id === '' || ofGateway.includes(message.event)) return true;
    if (this.#ids.has(message.id)) return false;
    this.#ids.add(message.id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= Seen.most) break;
      this.#ids.delete(oldest);
    }
    return true;
  }
}
