import { describe, expect, it } from 'vitest';
import { backoff, readStream, type Connection } from './reader';

/** A server that answers one connection after the other with these texts, and ends each. */
function server(answers: (string | number)[], ended: () => void) {
  const asked: (string | null)[] = [];
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
    asked.push(new Headers(init?.headers).get('Last-Event-ID'));
    const answer = answers.shift();
    if (answers.length === 0) ended();
    if (answer === undefined) return Promise.reject(new TypeError('connection refused'));
    return Promise.resolve(typeof answer === 'number' ? new Response(null, { status: answer }) : new Response(answer));
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

async function read(answers: (string | number)[]) {
  const stop = new AbortController();
  const { asked, fetch } = server(answers, () => setTimeout(() => stop.abort()));
  const heard: string[] = [];
  const states: Connection[] = [];
  const waits: number[] = [];
  await readStream({
    url: '/stream',
    signal: stop.signal,
    fetch,
    random: () => 1,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return new Promise((resolve) => setTimeout(resolve));
    },
    onMessage: (message) => heard.push(message.id),
    onConnection: (state) => {
      if (states.at(-1) !== state) states.push(state);
    },
  });
  return { asked, heard, states, waits };
}

describe('readStream', () => {
  it('goes on after a break with the last id that it saw', async () => {
    const { asked, heard } = await read(['id: 1\ndata: a\n\nid: 2\ndata: b\n\n', 'id: 3\ndata: c\n\n', '']);
    expect(heard).toEqual(['1', '2', '3']);
    expect(asked.slice(0, 3)).toEqual([null, '2', '3']);
  });

  it('resumes from an id that came without an event', async () => {
    const { asked } = await read(['id: 40\n\n', '']);
    expect(asked.slice(0, 2)).toEqual([null, '40']);
  });

  it('does not count half an event as seen', async () => {
    const { asked, heard } = await read(['id: 1\ndata: a\n\nid: 2\ndata: ha', 'id: 2\ndata: half\n\n', '']);
    expect(heard).toEqual(['1', '2']);
    expect(asked[1]).toBe('1');
  });

  it('waits longer after each failure, and briefly again after a success', async () => {
    const { waits } = await read([503, 503, 503, 'data: a\n\n', 503, '']);
    expect(waits.slice(0, 5)).toEqual([500, 1000, 2000, 500, 1000]);
  });

  it('gives up when it is refused', async () => {
    const { states, asked } = await read(['data: a\n\n', 403, 'data: b\n\n', '']);
    expect(states).toEqual(['connecting', 'live', 'connecting', 'refused']);
    expect(asked).toHaveLength(2);
  });

  it('never waits longer than a quarter of a minute', () => {
    expect(backoff(30, () => 1)).toBe(15_000);
    expect(backoff(30, () => 0)).toBe(7_500);
  });
});
