import { expect, test } from 'vitest';
import { takingFrom } from './asked';

const request = (path: string, method = 'GET') => new Request(`http://web${path}`, { method });
const anew = () => Promise.resolve(new Response('anew'));
const text = async (answer: Promise<Response>) => (await answer).text();

test('what was asked before is the answer to the first question, and of that path alone', async () => {
  const ask = takingFrom({ '/api/session': Promise.resolve(new Response('before')) }, anew);
  expect(await text(ask(request('/api/session', 'DELETE')))).toBe('anew');
  expect(await text(ask(request('/api/session?x=1')))).toBe('anew');
  expect(await text(ask(request('/api/session')))).toBe('before');
  expect(await text(ask(request('/api/session')))).toBe('anew');
});

test('what failed, or was not to be asked, is asked again', async () => {
  const ask = takingFrom({ '/a': Promise.reject(new TypeError('broken')), '/b': Promise.resolve(undefined) }, anew);
  expect([await text(ask(request('/a'))), await text(ask(request('/b')))]).toEqual(['anew', 'anew']);
});
