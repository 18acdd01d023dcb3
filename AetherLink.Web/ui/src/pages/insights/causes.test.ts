import { expect, it } from 'vitest';
import type { Cause } from '../../api/types';
import { cell, graphOf, layout, likely, wordOfNode } from './causes';

const step = (node: string, kind = 'erring') => ({ node, kind, text: `${node} fails`, since: '2026-01-01T10:00:00Z', reference: null });
const cause = (spread: Cause['spread']) =>
  ({ id: '1', node: 'postgres', score: 0.724, evidence: [{ kind: 'changed', text: 'restarted', at: '', reference: null }, { kind: 'down', text: 'refused', at: '', reference: null }], spread }) as unknown as Cause;

it('draws the way of a fault through the mesh, each step once', () => {
  const graph = graphOf(cause([[step('postgres', 'down'), step('command-center')], [step('postgres', 'down'), step('command-center'), step('web', 'slow')]]), ['web', 'orchestrator']);
  expect(graph.nodes.map(({ name, depth, kind }) => [name, depth, kind])).toEqual([
    ['postgres', 0, 'down'], ['command-center', 1, 'erring'], ['web', 2, 'slow'], ['orchestrator', undefined, undefined],
  ]);
  expect(graph.edges).toEqual([{ from: 'postgres', to: 'command-center' }, { from: 'command-center', to: 'web' }]);
});

it('puts no two nodes upon each other, and all of them within the drawing', () => {
  const graph = graphOf(cause(['a', 'b', 'c'].map((name) => [step('postgres'), step(name)])), Array.from({ length: 9 }, (_, index) => `s${index}`));
  const { placed, width, height } = layout(graph);
  expect(new Set(placed.map(({ x, y }) => `${x} ${y}`)).size).toBe(placed.length);
  for (const { x, y } of placed) expect(x >= 0 && y >= 0 && x + cell.width <= width && y + cell.height <= height).toBe(true);
});

it('needs nothing but the cause', () => {
  expect(layout(graphOf(cause([]), [])).placed).toMatchObject([{ name: 'postgres', x: 0, y: 0 }]);
  expect(likely(0.724)).toBe('explains 72 % of what is wrong');
  expect(['web', 'provider:claude', 'endpoint:7', 'a:b'].map(wordOfNode)).toEqual(['web', 'provider claude', 'endpoint 7', 'a:b']);
});
