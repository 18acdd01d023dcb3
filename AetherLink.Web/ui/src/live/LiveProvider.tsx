import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { sessionQuery } from '../session/session';
import { applyEvents, refetchAll, refetchMeasured } from './apply';
import { askAgain } from './askAgain';
import { GatewayMessages, parseEvent } from './events';
import type { Connection } from './reader';
import { shareStream } from './share';
import type { SseMessage } from './sse';

export interface Live {
  connection: Connection;
  /** Whether the gateway itself hears the Command Center. */
  upstream: boolean;
  /** Since when nothing live arrives; undefined while it does, and for absences too short to mention. */
  blindSince: number | undefined;
}

const LiveContext = createContext<Live>({ connection: 'connecting', upstream: true, blindSince: undefined });

export const useLive = (): Live => useContext(LiveContext);

/** A reconnect that takes less than this is shown by the header only: the sentence of state must not flicker. */
const mentionAfterMs = 4_000;

interface Props {
  /** Whose stream it is: another person's is another stream. */
  session: string;
  /** The number of the newest event before the page asked anything, if it is known. */
  from: number | null;
  children: ReactNode;
}

export function LiveProvider({ session, from, children }: Props) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [upstream, setUpstream] = useState(true);
  const [blindSince, setBlindSince] = useState<number>();
  const wasBlind = useRef(false);
  const seeing = connection === 'live' && upstream;

  useEffect(() => {
    const onMessages = (messages: SseMessage[]) => {
      const events = [];
      for (const message of messages) {
        if (message.event === GatewayMessages.state) setUpstream(message.data.includes('"connected":true'));
        if (message.event === GatewayMessages.reset) refetchAll(client);
        else if (message.event === GatewayMessages.state || message.event === GatewayMessages.moved) askAgain(client, [{ event_type: message.event }]);
        else {
          const event = parseEvent(message);
          if (event) events.push(event);
        }
      }
      applyEvents(client, events);
    };
    const onConnection = (state: Connection) => {
      setConnection(state);
      if (state === 'refused') void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    };
    return shareStream('/api/events/stream', session, { onMessages, onConnection }, from === null ? '' : String(from));
    // Where it begins is of no more interest once it has begun.
  }, [client, session]);

  useEffect(() => {
    if (seeing) {
      setBlindSince(undefined);
      if (wasBlind.current) refetchMeasured(client);
      wasBlind.current = false;
      return undefined;
    }
    const since = Date.now();
    const timer = setTimeout(() => {
      wasBlind.current = true;
      setBlindSince(since);
    }, mentionAfterMs);
    return () => clearTimeout(timer);
  }, [client, seeing]);

  const live = useMemo(() => ({ connection, upstream, blindSince }), [connection, upstream, blindSince]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
