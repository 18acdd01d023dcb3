import { useEffect, useState } from 'react';

export const minuteMs = 60_000;

const nextMinute = () => Math.ceil(Date.now() / minuteMs) * minuteMs;

/** The end of the running minute: what is told by the clock is drawn again as it passes. */
export function useMinute(): number {
  const [now, setNow] = useState(nextMinute);
  useEffect(() => {
    const timer = setInterval(() => setNow(nextMinute()), minuteMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
