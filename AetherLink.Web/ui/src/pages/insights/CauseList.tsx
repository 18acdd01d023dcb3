import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Badge } from '../../components/Badge';
import { Time } from '../../components/fields';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { Panel } from '../../components/Panel';
import { Row, Rows } from '../../components/Rows';
import { textsOf } from '../../components/place';
import { useLive } from '../../live/LiveProvider';
import { servicesQuery } from '../mesh/queries';
import { CauseEvidence } from './CauseEvidence';
import { likely, meaningOfKind, wordOfNode, wordOfVerdict } from './causes';
import type { Place } from './InsightsPage';
import { MeshGraph } from './MeshGraph';
import { causesQuery } from './queries';

/** What probably caused what was wrong in a time, with the evidence drawn on the mesh. */
export function CauseList({ place: { search, go } }: { place: Place }) {
  const window = textsOf({ ...search }, ['from', 'to', 'tenant_id']);
  const found = useQuery(causesQuery(window));
  const services = useQuery(servicesQuery);
  const { blindSince } = useLive();
  const causes = found.data?.causes ?? [];
  const chosen = causes.find(({ id }) => id === search.cause) ?? causes[0];
  const set = Object.keys(window).length;
  const verdicts = found.data?.verdicts;
  return (
    <Stack gap="sm">
      <Filters label="The time of the causes" set={set} onClear={() => go({ from: undefined, to: undefined, tenant_id: undefined, cause: undefined })}>
        <Time label="From" value={search.from} onChange={(from) => go({ from })} />
        <Time label="Until" value={search.to} onChange={(to) => go({ to })} />
      </Filters>
      <Panel
        title="Probable causes"
        note={blindSince !== undefined ? 'behind: nothing live arrives just now' : found.data ? <>from <Moment at={found.data.from} /> to {search.to === undefined ? 'now' : <Moment at={found.data.to} />}, the likeliest first</> : undefined}
      >
        <Listing of={found} what="The causes" count={found.data && causes.length} empty={{ what: 'No fault was found', hint: 'In this time nothing was down, slow or failing more than usual.', good: true }}>
          <Rows label="Probable causes">
            {causes.map((cause) => (
              <Row
                key={cause.id}
                testId="cause-row"
                meaning={cause.id === chosen?.id ? 'bad' : undefined}
                lead={<b>{cause.rank}.</b>}
                title={wordOfNode(cause.node)}
                onOpen={() => go({ cause: cause.id })}
                subs={[
                  `${likely(cause.score)}${cause.spread.length > 0 ? ` · reached ${cause.spread.length} ${cause.spread.length === 1 ? 'other' : 'others'}` : ''}`,
                  <>since <Moment at={cause.since} seconds />{cause.verdict && ` · ${wordOfVerdict(cause.verdict.verdict)}, says ${cause.verdict.by}`}</>,
                ]}
                end={cause.evidence.slice(0, 2).map(({ kind, at }) => <Badge key={`${kind} ${at}`} meaning={meaningOfKind(kind)}>{kind}</Badge>)}
              />
            ))}
          </Rows>
        </Listing>
      </Panel>
      {chosen && (
        <Panel title={`How the fault of ${wordOfNode(chosen.node)} spread`} note={verdicts && verdicts.judged > 0 ? `${verdicts.wrong} of ${verdicts.judged} judged causes were wrong` : undefined}>
          <MeshGraph cause={chosen} services={(services.data ?? []).map(({ name }) => name)} />
          <CauseEvidence key={chosen.id} cause={chosen} window={window} />
        </Panel>
      )}
    </Stack>
  );
}
