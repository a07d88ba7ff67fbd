import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { SetupFailure } from './failure.ts'

/** Where the programs are installed: on the machine itself, or in a private Debian tree that chroot enters. */
export type Root = {
  /** '' for the machine itself, otherwise the directory of the tree. */
  directory: string
  /** How to run a program of this root. Paths in the arguments are paths inside the root. */
  command(program: string, args: readonly string[]): { file: string; args: string[] }
}

export const hostRoot: Root = {
  directory: '',
  command: (program, args) => ({ file: program, args: [...args] }),
}

export function treeRoot(directory: string): Root {
  return {
    directory,
    // chroot replaces itself by the program (exec), so the pid is the program's, and signals reach it.
    command: (program, args) => ({ file: 'chroot', args: [directory, program, ...args] }),
  }
}

/** The first path that matches, as seen from inside the root. It depends on the architecture and the distribution. */
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
