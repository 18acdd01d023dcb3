import { expect, test } from 'vitest';
import { localPath } from './localPath';

test.each(['/', '/events?severity=error&q=a%20b', '/?event=1#detail'])('%j is a page of this site', (to) => {
  expect(localPath(to)).toBe(true);
});

test.each([
  '', 'events', 'https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', '/\n/evil.example', '/ /evil.example',
  '\\\\evil.example', 'javascript:alert(1)', '/api/session/sign-out', '/é', undefined, 7,
])('%j is not', (to) => {
  expect(localPath(to)).toBe(false);
});
