/** What needs a person's eye: objects by their ordinals in the plan, which only who holds the project key can tie to files. */
import type { Statistics } from '../evidence/statistics.ts';
import type { RunSummary } from '../run/finish.ts';
import { type Block, paragraph, type Section } from './document.ts';
import { counted, countText } from './figures.ts';

export function reviewSection(findings: {
  readonly summary: RunSummary;
  readonly statistics: Statistics;
}): Section {
  const { summary, statistics } = findings;
  const { outcomes, pixelsUnchecked, pixelsCleaned, duplicates } = summary;
  const { reviews } = statistics;
  const blocks: Block[] = [];
  if (outcomes.failed > 0)
    blocks.push({
      kind: 'note',
      tone: 'bad',
      text: `${counted(outcomes.failed, 'object')} failed. A next attempt tries them again and leaves what is done as it is: deid run --retry, or a larger spec.retry of the job.`,
    });
  if (pixelsUnchecked > 0)
    blocks.push({
      kind: 'note',
      tone: 'attention',
      text: `${counted(pixelsUnchecked, 'object')} of classes that often have text in their pixels passed, and nobody has looked at the pixels. Look at samples, or hold them with spec.pixels.unchecked: review.`,
    });
  if (duplicates.conflictingObjects > 0)
    blocks.push({
      kind: 'note',
      tone: 'attention',
      text: `${counted(duplicates.conflictingInstances, 'SOP Instance UID is', 'SOP Instance UIDs are')} borne by ${counted(duplicates.conflictingObjects, 'object')} with different bytes. All were kept; the work area lists them by ordinals in ${summary.run}/finish/duplicates-… of the attempt.`,
    });
  if (outcomes.review > 0) {
    blocks.push(
      {
        kind: 'note',
        tone: 'attention',
        text: `${counted(outcomes.review, 'object waits', 'objects wait')} in quarantine for a person to look.`,
      },
      paragraph('For the reason in full and what to do, by the ordinal of the object:'),
      { kind: 'command', text: `deid why ${summary.run} ORDINAL --work-area PLACE` },
      {
        kind: 'table',
        caption:
          reviews.length < outcomes.review
            ? `The first ${countText(reviews.length)} of ${countText(outcomes.review)} objects for review; the ledger lists all`
            : 'Objects for review',
        columns: [
          { heading: 'Ordinal', kind: 'code' },
          { heading: 'Reason', kind: 'text' },
          { heading: 'Place', kind: 'code' },
        ],
        rows: reviews.map(({ ordinal, reason, at = '' }) => [String(ordinal), reason, at]),
        folded: reviews.length > 20,
      },
    );
  }
  if (blocks.length === 0) blocks.push({ kind: 'note', tone: 'good', text: 'Nothing waits for a person.' });
  if (duplicates.identical > 0)
    blocks.push(
      paragraph(
        `${counted(duplicates.identical, 'object has', 'objects have')} the bytes of another and share its output.`,
      ),
    );
  if (pixelsCleaned > 0)
    blocks.push(
      paragraph(
        `Text, slack or overlay bits were cleaned out of the container of the pixel data of ${counted(pixelsCleaned, 'object')}.`,
      ),
    );
  return { id: 'attention', heading: "What needs a person's eye", blocks };
}
