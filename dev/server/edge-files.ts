import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from '../setup/cache.ts'

/** A file of systemd/ as the installer fills it. Throws when a value is missing or not asked for. */
export function rendered(template: string, values: Record<string, string>): string {
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${value}`)
  return execFileSync(join(checkout, 'systemd/render'), [join(checkout, 'systemd', template), ...pairs], { encoding: 'utf8' })
}

export interface Certificate {
  certificate: string
  key: string
  /** SHA-256 of its public key, in base64. */
  keyHash: string
}

/** A self-signed certificate. */
export function selfMadeCertificate(folder: string, name: string, kind: 'DNS' | 'IP' = 'DNS'): Certificate {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const made = ['-keyout', key, '-out', certificate, '-days', '5', '-subj', `/CN=${name}`, '-addext', `subjectAltName=${kind}:${name}`]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...made], { stdio: 'ignore' })
  const publicKey = new X509Certificate(readFileSync(certificate)).publicKey.export({ type: 'spki', format: 'der' })
  return { certificate, key, keyHash: createHash('sha256').update(publicKey).digest('base64') }
}

/** A whole nginx.conf around `site`, all of whose own files are in `folder`. Returns its path. */
export function nginxConf(folder: string, site: string): string {
  const path = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')
  writeFileSync(join(folder, 'site.conf'), site)
  writeFileSync(
    path,
    `pid ${folder}/nginx.pid;
error_log stderr;
daemon off;
events {}
http {
${temporary}
  access_log off;
  include ${folder}/site.conf;
}
`,
  )
  return path
}
