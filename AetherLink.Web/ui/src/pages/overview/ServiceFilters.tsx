import { Select } from '@mantine/core';
import { Typed } from '../../components/fields';
import { Filters } from '../../components/Filters';
import styles from './ServiceGrid.module.css';

interface Props {
  service: string | undefined;
  status: string | undefined;
  shown: number;
  count: number;
  onSet: (change: { service?: string | undefined; status?: string | undefined }) => void;
}

export function ServiceFilters({ service, status, shown, count, onSet }: Props) {
  const set = [service, status].filter((value) => value !== undefined).length;
  return (
    <div className={styles.filters}>
      <Filters label="Filter the services" set={set} onClear={() => onSet({ service: undefined, status: undefined })}>
        <Typed label="Service" value={service ?? ''} onChange={(value) => onSet({ service: value || undefined })} testId="filter-service" />
        <Select
          size="xs" label="Status" placeholder="any" clearable data={['down', 'degraded', 'unknown', 'up']} value={status ?? null}
          onChange={(value) => onSet({ status: value ?? undefined })}
        />
        <span className={styles.count} role="status" data-testid="service-count">
          {shown.toLocaleString()} of {count.toLocaleString()} services
        </span>
      </Filters>
    </div>
  );
}
