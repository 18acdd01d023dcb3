import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shareStream } from './share';

/** The tabs of one browser: locks and channels that work among them, and a gateway that they read from. */
class Browser {
  readonly asked: (string | null)[] = [];
  readonly #connections: ReadableStreamDefaultController<Uint8Array>[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly channels = new Set<FakeChannel>();
  /** Notes that were posted and have not arrived yet, while they are held up. */
  held: (() => void)[] | undefined;
  #locked = false;

  readonly fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
    this.asked.push(new Headers(init?.headers).get('Last-Event-ID'));
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#connections.push(controller);
        init?.signal?.addEventListener('abort', () => controller.error(new DOMException('left', 'AbortError')));
      },
    });
    return Promise.resolve(new Response(body));
  };

  /** The gateway writes this to the newest connection, and so long passes. */
  async writes(text: string, milliseconds = handedOn): Promise<void> {
    this.#connections.at(-1)?.enqueue(new TextEncoder().encode(text));
    await vi.advanceTimersByTimeAsync(milliseconds);
  }

  async breaks(milliseconds: number): Promise<void> {
    this.#connections.at(-1)?.close();
    await vi.advanceTimersByTimeAsync(milliseconds);
  }

  readonly locks = {
    request: async (_: string, options: { signal: AbortSignal }, lead: () => Promise<void>): Promise<void> => {
      if (this.#locked) {
        await new Promise<void>((granted, left) => {
          this.#waiting.push(granted);
          options.signal.addEventListener('abort', () => left(new DOMException('left', 'AbortError')));
        });
      }
      this.#locked = true;
      await lead();
      this.#locked = false;
      this.#waiting.shift()?.();
    },
  };

  tab(from?: string): { heard: string[]; states: string[]; close: () => Promise<void> } {
    const heard: string[] = [];
    const states: string[] = [];
    const leave = shareStream('/stream', 'session', {
      onMessages: (messages) => heard.push(...messages.map((message) => (message.event === 'message' ? message.data : message.event))),
      onConnection: (state) => states.push(state),
    }, from);
    return {
      heard,
      states,
      close: async () => {
        leave();
        await settle();
      },
    };
  }
}

class FakeChannel {
  static browser: Browser;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    FakeChannel.browser.channels.add(this);
  }
  postMessage(data: unknown): void {
    for (const other of FakeChannel.browser.channels) {
      if (other === this) continue;
      const arrive = () => other.onmessage?.({ data: structuredClone(data) });
      if (FakeChannel.browser.held) FakeChannel.browser.held.push(arrive);
      else arrive();
    }
  }
  close(): void {
    FakeChannel.browser.channels.delete(this);
  }
}

/** Milliseconds in which a group of messages has been handed on. */
const handedOn = 150;
const settle = () => vi.advanceTimersByTimeAsync(handedOn);
const event = (id: number) => `id: ${id}\ndata: ${id}\n\n`;

describe('shareStream', () => {
  let browser: Browser;

  beforeEach(() => {
    vi.useFakeTimers();
    browser = FakeChannel.browser = new Browser();
    vi.stubGlobal('BroadcastChannel', FakeChannel);
    vi.stubGlobal('navigator', { locks: browser.locks });
    vi.stubGlobal('fetch', browser.fetch);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('reads one stream for all tabs', async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    await settle();
    await browser.writes(event(1) + event(2));
    expect(browser.asked).toEqual([null]);
    expect(first.heard).toEqual(['1', '2']);
    expect(second.heard).toEqual(['1', '2']);
    expect(second.states.at(-1)).toBe('live');
  });

  it('begins after the number that the session came with, and goes on from what was heard since', async () => {
    const [first, second] = [browser.tab('40'), browser.tab('41')];
    await settle();
    await browser.writes(event(41) + event(42));
    await first.close();
    expect(browser.asked).toEqual(['40', '42']);
    expect(second.heard).toEqual(['41', '42']);
  });

  it('goes on in another tab from the last id, when the one that read it closes', async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    await settle();
    await browser.writes(event(1) + event(2));
    await first.close();
    await browser.writes(event(3));
    expect(browser.asked).toEqual([null, '2']);
    expect(second.heard).toEqual(['1', '2', '3']);
    expect(first.heard).toEqual(['1', '2']);
  });

  it('goes on from an id that came without data', async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    await settle();
    await browser.writes(event(1));
    await browser.writes(': heartbeat\n\nid: 90\n\n');
    await first.close();
    expect(browser.asked).toEqual([null, '90']);
    expect(second.heard).toEqual(['1']);
  });

  it('tells a tab that was opened later how far it is', async () => {
    const first = browser.tab();
    await settle();
    await browser.writes('id: 90\n\n');
    browser.tab();
    await first.close();
    expect(browser.asked).toEqual([null, '90']);
  });

  it('asks again for what the tab that closed had read and not yet handed on', async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    await settle();
    await browser.writes(event(1));
    // Less than a group's time, and a note on the connection in between.
    await browser.writes(event(2), 10);
    await browser.breaks(10);
    await first.close();
    expect(browser.asked.at(-1)).toBe('1');
    await browser.writes(event(2));
    expect(second.heard).toEqual(['1', '2']);
  });

  it('drops what the tab that closed said last, when its successor has read that for itself', async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    await settle();
    await browser.writes(event(1));
    browser.held = [];
    await browser.writes(event(2) + event(3));
    await first.close();
    await browser.writes(event(2) + event(3) + event(4));
    const late = browser.held;
    browser.held = undefined;
    late.forEach((arrive) => arrive());
    expect(browser.asked).toEqual([null, '1']);
    expect(second.heard).toEqual(['1', '2', '3', '4']);
  });

  it('does not fall back to where the tab that closed was, by what that said last', async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    await settle();
    await browser.writes(event(1));
    browser.held = [];
    await browser.writes(event(2));
    await first.close();
    await browser.writes(event(2) + event(3));
    browser.held.forEach((arrive) => arrive());
    browser.held = undefined;
    const third = browser.tab();
    await second.close();
    expect(browser.asked).toEqual([null, '1', '3']);
    expect(third.heard).toEqual([]);
  });

  it('hands on what the gateway says of itself every time, and numbers that begin anew after a reset', async () => {
    const tab = browser.tab();
    await settle();
    const state = 'event: gateway.state\ndata: {"connected":true}\n\n';
    const moved = 'event: gateway.moved\ndata: {}\n\n';
    await browser.writes(state + event(1) + state + moved + moved + 'event: gateway.reset\ndata: {}\n\n' + event(1) + state);
    expect(tab.heard).toEqual(['gateway.state', '1', 'gateway.state', 'gateway.moved', 'gateway.moved', 'gateway.reset', '1', 'gateway.state']);
  });

  it('reads for itself where there are no locks', async () => {
    vi.stubGlobal('navigator', {});
    browser.tab();
    browser.tab();
    await settle();
    expect(browser.asked).toEqual([null, null]);
  });
});
