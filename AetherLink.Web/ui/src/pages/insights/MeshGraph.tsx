import { cell, graphOf, layout, wordOfNode } from './causes';
import type { Cause } from '../../api/types';
import { meaningOfKind } from './causes';
import styles from './MeshGraph.module.css';

/** The way of a fault through the mesh: from the cause on the left to those that it reached. */
export function MeshGraph({ cause, services }: { cause: Cause; services: readonly string[] }) {
  const graph = graphOf(cause, services);
  const { placed, width, height } = layout(graph);
  const at = new Map(placed.map((node) => [node.name, node]));
  return (
    <div className={styles.frame} tabIndex={0} role="group" aria-label="The way of the fault" data-testid="mesh-graph">
      <svg viewBox={`-2 -2 ${width + 4} ${height + 4}`} width={width + 4} height={height + 4} role="img" aria-label={said(graph.edges, cause)}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" className={styles.head} />
          </marker>
        </defs>
        {graph.edges.map(({ from, to }) => {
          const [one, other] = [at.get(from), at.get(to)];
          if (!one || !other) return null;
          const [x1, y1, x2, y2] = [one.x + cell.width, one.y + cell.height / 2, other.x - 3, other.y + cell.height / 2];
          const bend = (x1 + x2) / 2;
          return <path key={`${from} ${to}`} d={`M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`} className={styles.edge} markerEnd="url(#arrow)" />;
        })}
        {placed.map(({ name, x, y, kind, depth, text }) => (
          <g key={name} transform={`translate(${x} ${y})`} className={styles.node} data-meaning={kind === undefined ? 'neutral' : meaningOfKind(kind)} data-reached={depth !== undefined || undefined} data-cause={depth === 0 || undefined}>
            <title>{text === undefined ? `${wordOfNode(name)}: nothing was seen` : `${wordOfNode(name)}: ${text}`}</title>
            <rect width={cell.width} height={cell.height} rx={8} />
            <text x={12} y={19} className={styles.name}>{short(wordOfNode(name))}</text>
            <text x={12} y={35} className={styles.kind}>{depth === 0 ? `cause: ${kind ?? 'unknown'}` : (kind ?? 'nothing seen')}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** As many letters as the box is wide. */
const mostLetters = 19;

const short = (name: string): string => (name.length > mostLetters ? `${name.slice(0, mostLetters - 1)}…` : name);

const said = (edges: readonly { from: string; to: string }[], cause: Cause): string =>
  edges.length === 0 ? `The fault of ${wordOfNode(cause.node)} reached nobody` : edges.map(({ from, to }) => `${wordOfNode(from)} to ${wordOfNode(to)}`).join(', ');
