import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Session } from '../api/types';
import { maySeeOperations, sessionQuery } from '../session/session';
import { Forbidden } from './Forbidden';
import { Page } from './Page';
import { usePlace, type Place } from './place';

interface Props<Search extends object> {
  title: string;
  /** As in "Alerting is for operators and admins". */
  what: string;
  children: (place: Place<Search>) => ReactNode;
}

/** The frame of a page for those who may see operations: its parts are told who looks, and where. */
export function OperatorsPage<Search extends object>(props: Props<Search>) {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  if (!maySeeOperations(session)) return <Forbidden what={props.what} who="operators and admins" session={session} />;
  return <Framed {...props} session={session} />;
}

function Framed<Search extends object>({ title, session, children }: Props<Search> & { session: Session }) {
  const place = usePlace<Search>(session);
  return <Page title={title}>{children(place)}</Page>;
}
