/** Kueue: a job with a queue's name hands its child Jobs to the queue, which alone starts them. */

export const queueNameLabel = 'kueue.x-k8s.io/queue-name';
const handedOn = [queueNameLabel, 'kueue.x-k8s.io/priority-class'] as const;

/** The labels of the job that its child Jobs carry for the queue; no others are copied. Empty where it names none. */
export function queueLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (labels[queueNameLabel] === undefined) return {};
  return Object.fromEntries(
    handedOn.flatMap((name) => {
      const value = labels[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
