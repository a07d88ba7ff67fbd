import { spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs a program to its end and returns its output. Throws with its last output if it is not installed or exits with a code other
 * than 0.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  {
    env,
    cwd,
    stdin = 'ignore',
    stdout = 'pipe',
  }: { env: NodeJS.ProcessEnv; cwd?: string; stdin?: number | 'ignore'; stdout?: number | 'pipe' },
): Promise<string> {
  const stdio: StdioOptions = [stdin, stdout, 'pipe']
  const child = spawn(program, args, { env, stdio, ...(cwd !== undefined && { cwd }) })
  let [output, errorOutput] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errorOutput = (errorOutput + text).slice(-4000)))
  const [code] = (await once(child, 'close').catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new Error(`${program} is not installed`) : error
  })) as [number | null]
  if (code !== 0) throw new Error(`${program} failed: ${errorOutput.trim() || `exit code ${code}`}`)
  return output
}
