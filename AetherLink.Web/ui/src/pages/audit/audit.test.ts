import { describe, expect, it } from 'vitest';
import { differences, filterOf, meaningOfAction, readSearch, verdictOf, wordOfAction } from './audit';

describe('what an entry changed', () => {
  it('is the fields that are not the same', () => {
    expect(differences({ before: { name: 'a', threshold: 3, on: true }, after: { name: 'a', threshold: 5, on: null } })).toEqual([
      { field: 'threshold', before: '3', after: '5' },
      { field: 'on', before: 'true', after: '–' },
    ]);
  });

  it('is all that was made or deleted', () => {
    expect(differences({ before: null, after: { name: 'a', of: ['x'], empty: '' } })).toEqual([
      { field: 'name', before: '–', after: 'a' },
      { field: 'of', before: '–', after: '["x"]' },
    ]);
    expect(differences({ before: 'text', after: null })).toEqual([{ field: 'value', before: 'text', after: '–' }]);
    expect(differences({ before: null, after: null })).toEqual([]);
  });
});

it('says whether the chain holds, and where it does not', () => {
  const answer = { status: 'intact', checked: 7, first_sequence: 1, last_sequence: 7, head_hash: 'abc', first_broken: null };
  expect(verdictOf(answer)).toMatchObject({ meaning: 'good', sentence: 'Intact: 7 entries hold, up to number 7' });
  expect(verdictOf({ ...answer, status: 'broken', first_broken: { seq: 3, reason: 'the hash is another' } })).toMatchObject({ meaning: 'bad', sentence: 'Broken at entry 3: the hash is another' });
});

it('keeps its filters in the address', () => {
  const search = readSearch({ actor: 'me', entry: 12, action: '', other: 1 });
  expect(search).toEqual({ actor: 'me', entry: '12' });
  expect(filterOf(search)).toEqual({ actor: 'me' });
  expect([wordOfAction('alert_rule.created'), meaningOfAction('alert_rule.created'), meaningOfAction('silence.ended'), meaningOfAction('webhook.changed')]).toEqual(['alert rule created', 'good', 'bad', 'neutral']);
});
