import { expect, it } from 'vitest';
import { clockWithSeconds } from './clock';
import { rowsOf } from './lanes';

const at = (minute: number) => Date.UTC(2026, 0, 1, 10, minute);

it('says in words what is drawn, the newest first', () => {
  const rows = rowsOf([
    { name: 'Down', one: 'Down', colour: 'bad', intervals: [{ what: 'web', from: at(1), to: at(3) }, { what: 'crm', from: at(5), to: undefined }] },
    { name: 'Heals', one: 'Heal', colour: 'good', marks: [{ at: at(2), what: 'web was healed', good: true }] },
  ]);
  expect(rows.map(({ head, cells }) => [head, ...cells])).toEqual([
    ['Down: crm', clockWithSeconds(at(5)), 'goes on'],
    ['Heal: web was healed', clockWithSeconds(at(2)), ''],
    ['Down: web', clockWithSeconds(at(1)), clockWithSeconds(at(3))],
  ]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(3);
});
