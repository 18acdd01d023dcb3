import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { healthQuery } from '../../api/queries';
import { Badge } from '../../components/Badge';
import { Typed } from '../../components/fields';
import { Figures } from '../../components/Figures';
import { Filters } from '../../components/Filters';
import { Listing } from '../../components/Listing';
import { Moment } from '../../components/Moment';
import { OperatorsPage } from '../../components/OperatorsPage';
import { Panel } from '../../components/Panel';
import type { Place } from '../../components/place';
import { Row, Rows } from '../../components/Rows';
import { formatDuration } from '../../live/events';
import { careOf, join, meaningOfStatus, narrow, statuses, statusOf, type Known, type MeshSearch } from './mesh';
import { reconciliationQuery, servicesQuery } from './queries';
import { ServiceDetail } from './ServiceDetail';
import { ToolLinks } from './ToolLinks';

export const MeshPage = () => <OperatorsPage<MeshSearch> title="Mesh" what="The mesh">{(place) => <Mesh place={place} />}</OperatorsPage>;

function Mesh({ place: { search, go } }: { place: Place<MeshSearch> }) {
  const found = useQuery(servicesQuery);
  const health = useQuery(healthQuery);
  const reconciled = useQuery(reconciliationQuery);
  const all = join(found.data ?? [], health.data, reconciled.data);
  const shown = narrow(all, search);
  const gaps = reconciled.data?.gaps ?? [];
  const partial = reconciled.data?.status === 'partial';
  const set = [search.name, search.status].filter((value) => value !== undefined).length;
  const up = all.filter((known) => statusOf(known) === 'up').length;
  return (
    <>
      <ToolLinks />
      <Figures
        figures={[
          { name: 'Services', value: found.data ? all.length.toLocaleString() : '–', note: `${all.filter(({ entry }) => entry.source === 'registered').length} from outside the mesh` },
          { name: 'Up', value: health.data ? up.toLocaleString() : '–', note: health.data && (up < all.length ? `${(all.length - up).toLocaleString()} ${all.length - up === 1 ? 'is' : 'are'} not` : 'all of them'), meaning: health.data && up < all.length ? 'bad' : undefined },
          { name: 'Versions', value: found.data ? new Set(all.flatMap(({ entry }) => entry.version ?? [])).size.toLocaleString() : '–', note: 'that differ' },
          { name: 'Gaps', value: reconciled.data ? gaps.length.toLocaleString() : '–', note: partial ? 'as far as is known' : 'in who looks after what', meaning: gaps.length > 0 ? 'attention' : undefined },
        ]}
      />
      <Filters label="Filter the services" set={set} onClear={() => go({ name: undefined, status: undefined })}>
        <Typed label="Name" value={search.name ?? ''} onChange={(name) => go({ name })} testId="filter-name" />
        <Select size="xs" label="Status" placeholder="any" clearable data={[...statuses]} value={search.status ?? null} onChange={(status) => go({ status: status ?? undefined })} />
      </Filters>
      <Panel title="Services" note="what is wrong first">
        <Listing of={found} what="The services" count={found.data && shown.length} empty={set > 0 ? { what: 'No service is like that', hint: 'Take a filter away to see more.' } : { what: 'No services are known yet' }}>
          <Rows label="Services">
            {shown.map((known) => (
              <ServiceRow key={known.entry.name} known={known} onOpen={() => go({ service: known.entry.name })} />
            ))}
          </Rows>
        </Listing>
      </Panel>
      <Panel title="Gaps" note="registered, monitored, healed: who is missing where">
        <Listing of={reconciled} what="The gaps" count={reconciled.data && gaps.length} empty={partial ? { what: 'Auto-Heal does not answer', hint: 'Who is healed is not known without it.' } : { what: 'Every service is monitored, and healed where it can be', good: true }}>
          <Rows label="Gaps">
            {gaps.map((gap) => (
              <Row key={gap} testId="gap-row" meaning="attention" lead={<Badge meaning="attention">gap</Badge>} title={gap} subs={[]} />
            ))}
          </Rows>
        </Listing>
      </Panel>
      <ServiceDetail
        name={search.service} known={all.find(({ entry }) => entry.name === search.service)} of={found} part={search.part ?? ''} onPart={(part) => go({ part })}
        onClose={() => go({ service: undefined, part: undefined })}
      />
    </>
  );
}

function ServiceRow({ known, onOpen }: { known: Known; onOpen: () => void }) {
  const { entry, health } = known;
  const meaning = meaningOfStatus(statusOf(known));
  return (
    <Row
      testId={`service-${entry.name}`}
      meaning={meaning === 'bad' || meaning === 'attention' ? meaning : undefined}
      lead={<Badge meaning={meaning}>{statusOf(known)}</Badge>}
      title={entry.name}
      onOpen={onOpen}
      subs={[
        `${entry.version === null ? 'version not told' : `version ${entry.version}`} · ${entry.url} · ${entry.source === 'aspire' ? 'of the mesh' : 'registered'}`,
        health?.error,
        <>
          {health?.since && <>{statusOf(known)} since <Moment at={health.since} /></>}
          {typeof health?.latency_ms === 'number' && ` · answers in ${formatDuration(health.latency_ms)}`}
          {careOf(known) && ` · ${careOf(known)}`}
        </>,
      ]}
    />
  );
}
