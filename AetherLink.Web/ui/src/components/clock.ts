/** Made when it is first needed: each takes its time. */
function formatter(parts: Intl.DateTimeFormatOptions): (time: number) => string {
  let made: Intl.DateTimeFormat | undefined;
  return (time) => (made ??= new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false, ...parts })).format(time);
}

const short = formatter({});
const long = formatter({ second: '2-digit' });
const dated = formatter({ month: 'short', day: 'numeric' });
const dayMs = 24 * 60 * 60_000;

/** Hours and minutes in local time; with the day when it is more than a day away. */
export function clock(time: number, now = Date.now()): string {
  return (Math.abs(now - time) > dayMs ? dated : short)(time);
}

export function clockWithSeconds(time: number, now = Date.now()): string {
  return (Math.abs(now - time) > dayMs ? dated : long)(time);
}
