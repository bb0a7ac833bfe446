import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hasProgram } from './daemon.ts'

const run = promisify(execFile)

export interface TlsFiles {
  ca: string
  certificate: string
  key: string
}

export function whyNoTls(): string | null {
  return hasProgram('openssl') ? null : 'openssl missing: apt-get install openssl'
}

/** A certificate authority of our own, and a certificate for 127.0.0.1 that it signed. */
export async function makeTlsFiles(dir: string): Promise<TlsFiles> {
  const at = (name: string): string => join(dir, name)
  const openssl = (...args: string[]): Promise<unknown> => run('openssl', args, { cwd: dir })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const ca = ['-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test authority', '-days', '2']
  await openssl('req', '-x509', ...key, ...ca)
  await openssl('req', ...key, '-keyout', 'tls.key', '-out', 'tls.csr', '-subj', '/CN=127.0.0.1')
  await writeFile(at('names'), 'subjectAltName=IP:127.0.0.1\n')
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names']
  await openssl('x509', '-req', '-in', 'tls.csr', ...signed, '-out', 'tls.crt', '-days', '2')
  return { ca: at('ca.crt'), certificate: at('tls.crt'), key: at('tls.key') }
}

/** Lines of `redis.conf`: only TLS, between the servers too, and no certificates of clients. */
export function tlsLines(port: number, { ca, certificate, key }: TlsFiles): string {
  return `port 0\ntls-port ${port}\ntls-cert-file ${certificate}\ntls-key-file ${key}\ntls-ca-cert-file ${ca}\ntls-auth-clients no\ntls-replication yes\n`
}
