/** One message of a `text/event-stream`. */
export interface SseMessage {
  id: string;
  event: string;
  data: string;
}

/**
 * The parser of the HTML standard's "server-sent events", for text that arrives in pieces of any size. An example:
 *
 *   : heartbeat
 *   id: 42
 *   event: service.health.failed
 *   data: {"tenant_id":"default"}
 *
 */
export class SseParser {
  /** Of the last whole event, or of an id that came alone: where to resume. */
  lastEventId: string;
  #id: string;
  #rest = '';
  #event = '';
  #data: string[] = [];
  #skipLineFeed = false;

  constructor(lastEventId = '') {
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  push(chunk: string): SseMessage[] {
    const messages: SseMessage[] = [];
    let text = chunk;
    // A CR that ended the last piece may have its LF at the start of this one.
    if (this.#skipLineFeed && text.startsWith('\n')) text = text.slice(1);
    if (chunk.length > 0) this.#skipLineFeed = text.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = this.#line(line);
      if (message) messages.push(message);
    }
    return messages;
  }

  #line(line: string): SseMessage | undefined {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    return undefined;
  }

  #dispatch(): SseMessage | undefined {
    this.lastEventId = this.#id;
    const message =
      this.#data.length > 0
        ? { id: this.lastEventId, event: this.#event || 'message', data: this.#data.join('\n') }
        : undefined;
    this.#data = [];
    this.#event = '';
    return message;
  }
}
