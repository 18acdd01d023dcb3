/** Seconds, in the largest unit that has no rest. */
export function span(seconds: number): string {
  for (const [name, size] of [['d', 86_400], ['h', 3_600], ['min', 60]] as const)
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${name}`;
  return `${seconds} s`;
}
