import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props<View extends string> {
  /** In their order, with their names. */
  names: Readonly<Record<View, string>>;
  view: View;
  onChange: (view: View) => void;
  /** The part that is shown. */
  children: ReactNode;
}

/** The parts of a page, one at a time; which one is in the address. */
export function Views<View extends string>({ names, view, onChange, children }: Props<View>) {
  return (
    <Tabs value={view} keepMounted={false} onChange={(chosen) => onChange(chosen as View)}>
      <Tabs.List mb="sm">
        {Object.entries<string>(names).map(([value, name]) => (
          <Tabs.Tab key={value} value={value} data-testid={`view-${value}`}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={view}>{children}</Tabs.Panel>
    </Tabs>
  );
}
