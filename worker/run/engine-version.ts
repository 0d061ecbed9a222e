/** The version of the program: of the outputs that it makes, and of the records that it writes. */
import manifest from '../../package.json' with { type: 'json' };

export const engineVersion: string = manifest.version;
