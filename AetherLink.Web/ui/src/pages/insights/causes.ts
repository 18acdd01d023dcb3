import type { Cause } from '../../api/types';
import type { Meaning } from '../../components/Badge';

/** Whose causes are asked for: a time, and whose evidence. */
export interface CauseWindow {
  from?: string;
  to?: string;
  tenant_id?: string;
}

const kinds: Record<string, string> = { provider: 'provider', endpoint: 'endpoint', tenant: 'tenant' };

/** Nodes have the mesh's names; what is outside says what it is. */
export function wordOfNode(node: string): string {
  const [kind, ...rest] = node.split(':');
  return kind !== undefined && rest.length > 0 && kinds[kind] ? `${kinds[kind]} ${rest.join(':')}` : node;
}

export const likely = (score: number): string => `explains ${Math.round(100 * score)} % of what is wrong`;

const meanings: Record<string, Meaning> = { down: 'bad', stalled: 'bad', erring: 'bad', slow: 'attention', burst: 'attention' };

export const meaningOfKind = (kind: string): Meaning => meanings[kind] ?? 'neutral';

export const wordOfVerdict = (verdict: string): string => (verdict === 'right_cause' ? 'the right cause' : 'not the cause');

export interface GraphNode {
  name: string;
  /** Steps from the cause; undefined for those that its fault did not reach. */
  depth: number | undefined;
  kind: string | undefined;
  text: string | undefined;
}

export interface Graph {
  nodes: GraphNode[];
  edges: { from: string; to: string }[];
}

/** The mesh, with the way of a fault through it: the cause, then those that it reached by how many steps, then the others. */
export function graphOf(cause: Cause, services: readonly string[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const sign = cause.evidence.find(({ kind }) => meaningOfKind(kind) !== 'neutral') ?? cause.evidence[0];
  nodes.set(cause.node, { name: cause.node, depth: 0, kind: sign?.kind, text: sign?.text });
  const edges = new Map<string, { from: string; to: string }>();
  for (const path of cause.spread) {
    path.forEach((step, depth) => {
      const known = nodes.get(step.node);
      if (!known) nodes.set(step.node, { name: step.node, depth, kind: step.kind, text: step.text });
      else if (known.depth !== undefined && depth < known.depth) known.depth = depth;
      const before = path[depth - 1];
      if (before) edges.set(`${before.node} ${step.node}`, { from: before.node, to: step.node });
    });
  }
  for (const name of services) if (!nodes.has(name)) nodes.set(name, { name, depth: undefined, kind: undefined, text: undefined });
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

export interface Placed extends GraphNode {
  x: number;
  y: number;
}

export const cell = { width: 150, height: 46, gapX: 70, gapY: 18 } as const;

/** Columns by steps, from left to right; those that were not reached stand below, in rows. */
export function layout({ nodes }: Graph): { placed: Placed[]; width: number; height: number } {
  const columns = new Map<number, GraphNode[]>();
  const others: GraphNode[] = [];
  for (const node of nodes) {
    if (node.depth === undefined) others.push(node);
    else columns.set(node.depth, [...(columns.get(node.depth) ?? []), node]);
  }
  const [stepX, stepY] = [cell.width + cell.gapX, cell.height + cell.gapY];
  const deepest = Math.max(...columns.keys(), 0);
  const tallest = Math.max(...[...columns.values()].map((column) => column.length), 1);
  const across = Math.max(deepest + 1, 3);
  const placed: Placed[] = [];
  for (const [depth, column] of columns)
    // Each column stands in the middle of the tallest one.
    column.forEach((node, index) => placed.push({ ...node, x: depth * stepX, y: (index + (tallest - column.length) / 2) * stepY }));
  const below = tallest * stepY + cell.gapY;
  others.forEach((node, index) => placed.push({ ...node, x: (index % across) * stepX, y: below + Math.floor(index / across) * stepY }));
  const rows = Math.ceil(others.length / across);
  return { placed, width: across * stepX - cell.gapX, height: rows === 0 ? tallest * stepY - cell.gapY : below + rows * stepY - cell.gapY };
}
