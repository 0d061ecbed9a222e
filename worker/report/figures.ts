/** Numbers as text for people; the same on every machine. */

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1.4 GiB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? 'B'}`;
}

/** `1,234,567`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

const msPerSecond = 1000;
const secondsPerMinute = 60;
const secondsPerHour = 3600;

/** `850 ms`, `12.4 s`, `3 min 20 s`, `5 h 2 min`. */
export function durationText(ms: number): string {
  if (ms < msPerSecond) return `${Math.round(ms)} ms`;
  const seconds = ms / msPerSecond;
  if (seconds < secondsPerMinute) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < secondsPerHour)
    return `${Math.floor(whole / secondsPerMinute)} min ${whole % secondsPerMinute} s`;
  return `${Math.floor(whole / secondsPerHour)} h ${Math.floor((whole % secondsPerHour) / secondsPerMinute)} min`;
}

/** `1 object`, `1,200 objects`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
