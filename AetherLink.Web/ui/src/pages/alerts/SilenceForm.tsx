import { ActionIcon, Button, Checkbox, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { explain, fieldErrors } from '../../api/problem';
import { Time } from '../../components/fields';
import { useSilence } from './changes';

export interface SilenceBegin {
  matchers: { label: string; op: string; value: string }[];
  tenant_id: string | null;
}

interface Props {
  opened: boolean;
  begin: SilenceBegin;
  tenant: string | null;
  onClose: () => void;
}

const labels = ['rule', 'tenant', 'severity', 'source', 'event_type', 'group'];
const operators = [
  { value: '=', label: 'is' },
  { value: '!=', label: 'is not' },
  { value: 'glob', label: 'is like' },
];

const hourMs = 3_600_000;
const lengths = [
  { label: '1 h', ms: hourMs },
  { label: '4 h', ms: 4 * hourMs },
  { label: '1 day', ms: 24 * hourMs },
  { label: '7 days', ms: 7 * 24 * hourMs },
];

/** Mutes what its matchers fit, until its end. Who did it and why is kept. */
export function SilenceForm({ opened, begin, tenant, onClose }: Props) {
  const silence = useSilence();
  const [matchers, setMatchers] = useState(begin.matchers);
  const [ends, setEnds] = useState('');
  const [untilResolved, setUntilResolved] = useState(false);
  const [reason, setReason] = useState('');
  useEffect(() => {
    if (!opened) return;
    setMatchers(begin.matchers);
    setEnds(new Date(Date.now() + hourMs).toISOString());
    setUntilResolved(false);
    setReason('');
    silence.reset();
    // Each time that it is opened, and not while somebody types.
  }, [opened]);
  const wrong = fieldErrors(silence.error);
  const change = (index: number, part: Partial<SilenceBegin['matchers'][number]>) =>
    setMatchers((all) => all.map((one, at) => (at === index ? { ...one, ...part } : one)));

  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>Silence</Text>} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          silence.mutate(
            { matchers, ends_at: untilResolved && ends === '' ? null : ends || null, until_resolved: untilResolved, reason, tenant_id: begin.tenant_id ?? tenant },
            { onSuccess: onClose },
          );
        }}
      >
        <Stack gap="md" data-testid="silence-form">
          <Stack gap={6} role="group" aria-label="Alerts that it mutes">
            <Text size="sm" fw={500}>
              Mutes alerts{begin.tenant_id === null ? '' : ` of ${begin.tenant_id}`} of which
            </Text>
            {matchers.map((matcher, index) => (
              <Group key={index} gap={6} wrap="nowrap" align="start">
                <Select
                  size="xs" w={110} aria-label="Label" data={labels} value={matcher.label} allowDeselect={false}
                  onChange={(label) => change(index, { label: label ?? matcher.label })}
                />
                <Select
                  size="xs" w={90} aria-label="Comparison" data={operators} value={matcher.op} allowDeselect={false}
                  onChange={(op) => change(index, { op: op ?? matcher.op })}
                />
                <TextInput
                  size="xs" flex={1} miw={0} aria-label="Value" value={matcher.value} error={wrong[`matchers[${index}].value`]}
                  onChange={(event) => change(index, { value: event.currentTarget.value })}
                />
                <ActionIcon
                  variant="subtle" color="gray" size={30} aria-label="Take this condition away" disabled={matchers.length === 1}
                  onClick={() => setMatchers((all) => all.filter((_, at) => at !== index))}
                >
                  <IconX size={15} stroke={1.8} />
                </ActionIcon>
              </Group>
            ))}
            {wrong.matchers && <Text size="xs" c="var(--bad)">{wrong.matchers}</Text>}
            <Button
              size="compact-xs" variant="subtle" leftSection={<IconPlus size={13} stroke={1.8} />} style={{ alignSelf: 'flex-start' }}
              onClick={() => setMatchers((all) => [...all, { label: 'severity', op: '=', value: '' }])}
            >
              And
            </Button>
          </Stack>
          <Stack gap={6}>
            <Time label="Until" size="sm" value={ends} onChange={setEnds} error={wrong.ends_at} />
            <Group gap={6}>
              {lengths.map(({ label, ms }) => (
                <Button key={label} size="compact-xs" variant="default" onClick={() => setEnds(new Date(Date.now() + ms).toISOString())}>
                  {label}
                </Button>
              ))}
            </Group>
            <Checkbox
              size="sm" mt={4} label="Or earlier: when the last of the alerts that it mutes has ended" checked={untilResolved}
              onChange={(event) => setUntilResolved(event.currentTarget.checked)}
            />
          </Stack>
          <Textarea
            label="Reason" required withAsterisk={false} description="Kept with the silence, for whoever wonders." value={reason}
            error={wrong.reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} maxLength={500}
            data-testid="silence-reason"
          />
          {silence.isError && Object.keys(wrong).length === 0 && (
            <Text size="sm" c="var(--bad)" role="alert">
              {explain(silence.error)}
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={silence.isPending} disabled={reason.trim() === ''} data-testid="silence-save">
              Silence
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
