import { textsOf } from '../../components/place';

/** The parts of the page; the first is where it opens. */
export const views = ['alerts', 'rules', 'templates', 'silences'] as const;
export type View = (typeof views)[number];

export const alertStates = ['raised', 'acknowledged', 'silenced', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

export const silenceStates = ['active', 'pending', 'ended'] as const;

/** What the list of alerts is narrowed to; the names are the API's. */
export interface AlertFilter {
  state: AlertState;
  severity?: string;
  tenant_id?: string;
  rule_id?: string;
}

/** All of it is in the address. What is as it is at the start is left out of it. */
export interface AlertsSearch {
  view?: View;
  state?: AlertState;
  severity?: string;
  tenant_id?: string;
  rule_id?: string;
  silence_state?: string;
  /** What is open at the edge: an alert, a silence; a rule by its id, or a new one. */
  alert?: string;
  silence?: string;
  rule?: string;
  /** What a new rule begins with. */
  template?: string;
  /** The template that is being changed, or a new one. */
  edit?: string;
}

const texts = ['severity', 'tenant_id', 'rule_id', 'silence_state', 'alert', 'silence', 'rule', 'template', 'edit'] as const;

export function readSearch(search: Record<string, unknown>): AlertsSearch {
  const read: AlertsSearch = textsOf(search, texts);
  const view = views.find((known) => known === search.view);
  if (view && view !== 'alerts') read.view = view;
  const state = alertStates.find((known) => known === search.state);
  if (state && state !== 'raised') read.state = state;
  return read;
}

export const filterOf = ({ state = 'raised', severity, tenant_id, rule_id }: AlertsSearch): AlertFilter => ({
  state,
  ...(severity !== undefined && { severity }),
  ...(tenant_id !== undefined && { tenant_id }),
  ...(rule_id !== undefined && { rule_id }),
});
