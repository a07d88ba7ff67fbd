import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { SetupFailure } from './failure.ts'

/** Where a daemon's program is: the machine itself, or a private Debian tree that is entered with chroot. */
export type Root = {
  /** '' for the machine itself, else the tree's directory. */
  directory: string
  /** How to run one of its programs. Paths in the arguments are as seen from inside. */
  command(program: string, args: readonly string[]): { file: string; args: string[] }
}

export const hostRoot: Root = {
  directory: '',
  command: (program, args) => ({ file: program, args: [...args] }),
}

export function treeRoot(directory: string): Root {
  return {
    directory,
    // chroot becomes the program (exec), so a signal and the pid are the program's own.
    command: (program, args) => ({ file: 'chroot', args: [directory, program, ...args] }),
  }
}

/** The one path that matches, as seen from inside the root; it differs between architectures and distributions. */
export function findInRoot(root: Root, ...patterns: string[]): string {
  for (const pattern of patterns) {
    const [found] = globSync(join(root.directory || '/', pattern))
    if (found !== undefined) return found.slice(root.directory.length)
  }
  throw new SetupFailure(`None of ${patterns.join(', ')} in ${root.directory || 'this machine'}`)
}

export function isInRoot(root: Root, ...patterns: string[]): boolean {
  return patterns.some((pattern) => globSync(join(root.directory || '/', pattern)).length > 0 || existsSync(join(root.directory, pattern)))
}
