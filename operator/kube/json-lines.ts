/** A stream of bytes as one JSON value a line, as watches send them. */

/** The line's bytes are no JSON; they are not quoted. */
export class JsonLineError extends Error {
  override readonly name = 'JsonLineError';
  constructor() {
    super('a line of the stream is no JSON');
  }
}

/**
 * Yields the value of each line as it becomes whole. An unfinished line at the end is dropped: the stream broke there.
 * Leaving the loop ends the source. Throws {@link JsonLineError}, and what the source throws.
 */
export async function* jsonLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  for await (const chunk of source) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n');
    const unfinished = lines.pop() ?? '';
    for (const line of lines) {
      pieces.push(line);
      const whole = pieces.join('');
      pieces = [];
      if (whole.trim() !== '') yield parsed(whole);
    }
    if (unfinished !== '') pieces.push(unfinished);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new JsonLineError();
  }
}
