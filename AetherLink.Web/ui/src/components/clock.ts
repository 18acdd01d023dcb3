const short = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
const long = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const dated = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const dayMs = 24 * 60 * 60_000;

/** Hours and minutes in local time; with the day when it is more than a day away. */
export function clock(time: number, now = Date.now()): string {
  return (Math.abs(now - time) > dayMs ? dated : short).format(time);
}

export function clockWithSeconds(time: number, now = Date.now()): string {
  return (Math.abs(now - time) > dayMs ? dated : long).format(time);
}
