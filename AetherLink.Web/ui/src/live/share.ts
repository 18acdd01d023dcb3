import { readStream, type Connection } from './reader';
import type { SseMessage } from './sse';

export interface LiveSink {
  onMessages(messages: SseMessage[]): void;
  onConnection(state: Connection): void;
}

type Note =
  | { kind: 'messages'; messages: SseMessage[] }
  | { kind: 'connection'; state: Connection; lastEventId: string }
  | { kind: 'hello' };

/** Messages are handed on in groups: a burst redraws the page ten times a second and not once for each event. */
const groupMs = 100;

/**
 * One stream for all tabs of a session. The tab that holds the lock reads it and tells the others; when it closes, the
 * browser gives the lock to the next one, which goes on from the last id that it heard. Where there are no locks (plain http
 * on another host), each tab reads for itself.
 */
export function shareStream(url: string, session: string, sink: LiveSink): () => void {
  const name = `aetherlink-live:${session}`;
  const channel = new BroadcastChannel(name);
  const stop = new AbortController();
  let leading = false;
  let state: Connection = 'connecting';
  let lastEventId = '';
  let group: SseMessage[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const post = (note: Note) => channel.postMessage(note);

  const flush = () => {
    timer = undefined;
    const messages = group;
    group = [];
    post({ kind: 'messages', messages });
    sink.onMessages(messages);
  };

  channel.onmessage = ({ data }: MessageEvent<Note>) => {
    if (data.kind === 'hello') {
      if (leading) post({ kind: 'connection', state, lastEventId });
    } else if (data.kind === 'messages') {
      lastEventId = data.messages.at(-1)?.id ?? lastEventId;
      sink.onMessages(data.messages);
    } else {
      lastEventId = data.lastEventId || lastEventId;
      sink.onConnection(data.state);
    }
  };

  const lead = async () => {
    leading = true;
    await readStream({
      url,
      lastEventId,
      signal: stop.signal,
      onMessage: (message) => {
        lastEventId = message.id || lastEventId;
        group.push(message);
        timer ??= setTimeout(flush, groupMs);
      },
      onConnection: (next) => {
        state = next;
        post({ kind: 'connection', state, lastEventId });
        sink.onConnection(state);
      },
    });
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
