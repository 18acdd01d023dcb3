import { SseParser, type SseMessage } from './sse';

export type Connection =
  /** Connected, and what arrives is current. */
  | 'live'
  /** Not connected, trying again. */
  | 'connecting'
  /** The session has ended, or its role may not read events: trying again would not help. */
  | 'refused';

export interface ReaderOptions {
  url: string;
  lastEventId?: string;
  signal: AbortSignal;
  onMessage(message: SseMessage): void;
  /** The last id has moved: after the messages up to it, or by an id that came alone. */
  onLastEventId?(lastEventId: string): void;
  onConnection(state: Connection): void;
  /** For tests. */
  fetch?: typeof fetch;
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  random?: () => number;
}

/** The gateway sends a heartbeat every 15 s: two missed ones and some air mean that the connection is dead. */
const silenceMs = 40_000;
const firstDelayMs = 500;
const longestDelayMs = 15_000;

/**
 * Reads the stream by fetch until the signal ends it, reconnecting by itself with the last id that it saw. Not EventSource:
 * that one hears only the event names that were registered, and does not tell a refusal from a broken line.
 */
export async function readStream(options: ReaderOptions): Promise<void> {
  const { signal } = options;
  const wait = options.wait ?? delay;
  let lastEventId = options.lastEventId ?? '';
  let failures = 0;

  while (!signal.aborted) {
    options.onConnection('connecting');
    try {
      const outcome = await readOnce(options, lastEventId, (id) => {
        failures = 0;
        if (id === lastEventId) return;
        lastEventId = id;
        options.onLastEventId?.(id);
      });
      if (outcome === 'refused') {
        options.onConnection('refused');
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      console.debug('live: the stream broke, trying again', error);
    }
    if (signal.aborted) return;
    options.onConnection('connecting');
    await wait(backoff(failures++, options.random ?? Math.random), signal);
  }
}

/** Doubles up to the longest, with half of it by chance, so that browsers do not come back all at once. */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
  return full / 2 + (full / 2) * random();
}

async function readOnce(
  options: ReaderOptions,
  lastEventId: string,
  onProgress: (lastEventId: string) => void,
): Promise<'ended' | 'refused'> {
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  options.signal.addEventListener('abort', stop, { once: true });
  let silence = setTimeout(stop, silenceMs);
  try {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (lastEventId) headers['Last-Event-ID'] = lastEventId;
    const response = await (options.fetch ?? fetch)(options.url, {
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: attempt.signal,
    });
    if (response.status === 401 || response.status === 403) return 'refused';
    if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
    options.onConnection('live');

    const parser = new SseParser(lastEventId);
    const text = new TextDecoder();
    const body = response.body.getReader();
    for (;;) {
      const { done, value } = await body.read();
      if (done) return 'ended';
      clearTimeout(silence);
      silence = setTimeout(stop, silenceMs);
      for (const message of parser.push(text.decode(value, { stream: true }))) options.onMessage(message);
      onProgress(parser.lastEventId);
    }
  } finally {
    clearTimeout(silence);
    options.signal.removeEventListener('abort', stop);
    attempt.abort();
  }
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
