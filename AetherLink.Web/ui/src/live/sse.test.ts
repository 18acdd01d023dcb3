import { describe, expect, it } from 'vitest';
import { SseParser } from './sse';

const stream = ': connected\n\nid: 41\n\nid: 42\nevent: lead.created\ndata: {"a":1}\n\n: heartbeat\n\ndata: one\ndata: two\n\n';
const messages = [
  { id: '42', event: 'lead.created', data: '{"a":1}' },
  { id: '42', event: 'message', data: 'one\ntwo' },
];

describe('SseParser', () => {
  it('reads ids, types, data of several lines, and passes over comments', () => {
    expect(new SseParser().push(stream)).toEqual(messages);
  });

  it.each(['\n', '\r', '\r\n'])('reads the same in pieces of any size when lines end with %j', (end) => {
    const text = stream.replaceAll('\n', end);
    for (let size = 1; size < 12; size++) {
      const parser = new SseParser();
      const read = [];
      for (let at = 0; at < text.length; at += size) read.push(...parser.push(text.slice(at, at + size)));
      expect(read).toEqual(messages);
    }
  });

  it('remembers an id that comes without data', () => {
    const parser = new SseParser();
    expect(parser.push('id: 7\n\n')).toEqual([]);
    expect(parser.lastEventId).toBe('7');
  });

  it('drops an event that was cut off', () => {
    expect(new SseParser().push('id: 8\ndata: half')).toEqual([]);
  });
});
