/** A node:test reporter for machines and people: failures in full, skips with their reason, and one closing line. */
import type { TestEvent } from 'node:test/reporters';

/** Yields a line per failure and skip, and `N passed, N failed, N skipped` at the end. */
export async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for await (const event of source) {
    switch (event.type) {
      case 'test:pass': {
        if (event.data.details.type === 'suite') break;
        if (event.data.skip !== undefined && event.data.skip !== false) {
          skipped += 1;
          yield `skipped: ${event.data.name} (${String(event.data.skip)})\n`;
        } else {
          passed += 1;
        }
        break;
      }
      case 'test:fail': {
        if (event.data.details.type === 'suite') break;
        failed += 1;
        const { error } = event.data.details;
        const cause = error.cause instanceof Error ? error.cause : error;
        yield `\nFAILED ${event.data.file ?? ''}:${event.data.line ?? ''} ${event.data.name}\n${cause.stack ?? cause.message}\n`;
        break;
      }
      case 'test:stderr':
      case 'test:stdout':
        yield event.data.message;
        break;
      default:
        break;
    }
  }
  yield `\n${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}
