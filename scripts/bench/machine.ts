/** What the benchmark ran on, without the names of a host or of a folder. */
import { statfsSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** Magic numbers of file systems, as statfs(2) lists them. */
const fileSystems: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'tmpfs'],
  [0xef53, 'ext4'],
  [0x58465342, 'XFS'],
  [0x9123683e, 'Btrfs'],
  [0x794c7630, 'overlayfs'],
  [0x6969, 'NFS'],
]);

/** One line on the machine; `folder` is where the data lie. */
export function machine(folder: string): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? 'unknown';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB of memory`;
  const files = `files on ${fileSystems.get(statfsSync(folder).type) ?? 'another file system'}`;
  return `${cores.length} × ${model}, ${memory}, ${files}, ${type()} ${release().split('-')[0]}, Node ${process.version}`;
}
