import { expect, it } from 'vitest';
import type { TenantReport } from '../../api/types';
import { figuresOf, hoursOf, meaningOfScore, readSearch, wordOfTerm, worstFirst } from './tenants';

const tenant = (tenant_id: string, health_score: number) =>
  ({ tenant_id, health_score, events: 10, alerts: 1, deliveries: 2, ai_calls: 3, ai_cost_usd: 0.5 }) as TenantReport;

it('has the lowest health first, and then goes by name', () => {
  expect(worstFirst([tenant('b', 90), tenant('c', 20), tenant('a', 90)]).map(({ tenant_id }) => tenant_id)).toEqual(['c', 'a', 'b']);
});

it('says in figures who is worst, and what all did together', () => {
  expect(figuresOf([tenant('acme', 65), tenant('globex', 99)], true)).toMatchObject([
    { value: '2+', note: '1 below 90' },
    { value: '65', note: 'acme', meaning: 'bad' },
    { value: '20', note: '2 alerts' },
    { value: '4' },
    { value: '$1.00', note: '6 calls' },
  ]);
  expect(figuresOf(undefined, false).map(({ value }) => value)).toEqual(['–', '–', '–', '–', '–']);
  expect(figuresOf([tenant('acme', 95)], false)[1]?.meaning).toBeUndefined();
});

it('knows only the spans that can be chosen', () => {
  expect([undefined, '168', '9999', 'x'].map((hours) => hoursOf(hours === undefined ? {} : { hours }))).toEqual([24, 168, 24, 24]);
  expect(readSearch({ hours: 168, tenant: 'acme', other: 1 })).toEqual({ hours: '168', tenant: 'acme' });
});

it('names a term that it does not know by its own name', () => {
  expect(wordOfTerm('open_anomalies')).toBe('Anomalies that are open');
  expect(wordOfTerm('some_new_term')).toBe('some new term');
  expect([100, 90, 89.9, 70, 69.9].map(meaningOfScore)).toEqual(['good', 'good', 'attention', 'attention', 'bad']);
});
